import { Button } from '@mantine/core';
import { FolderOpen } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { type ShownFolder, useBackend } from '../../backend';
import { useErrorWords } from '../errors';
import { useAttempt } from '../useAttempt';
import classes from './parts.module.css';

interface Props {
  folder: ShownFolder;
  size?: 'xs' | 'md';
  /** By default: show the folder. */
  label?: string;
}

/** Opens a folder in the system's file manager. The program knows its path; the screen only names it. */
export function ShowFolder({ folder, size = 'xs', label }: Props) {
  const { t } = useTranslation('common');
  const backend = useBackend();
  const errorWords = useErrorWords();
  const { error, attempt } = useAttempt();
  const words = error && errorWords(error);
  return (
    <>
      <Button
        variant="default"
        size={size}
        leftSection={<FolderOpen size={size === 'xs' ? 14 : 16} strokeWidth={1.75} aria-hidden />}
        data-testid={`show-folder-${folder.folder}`}
        onClick={() => void attempt(() => backend.showFolder(folder))}
      >
        {label ?? t('showFolder')}
      </Button>
      {words && (
        <span className={classes.showFolderError} role="alert" data-testid="error" data-code={error?.code}>
          {words.title} {words.advice}
        </span>
      )}
    </>
  );
}
