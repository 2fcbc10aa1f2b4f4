import { Button } from '@mantine/core';
import { CircleAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { AppError } from '../../backend';
import { useErrorWords } from '../errors';
import { HolderLines } from './HolderLines';
import classes from './parts.module.css';

interface Props {
  error: AppError;
  onRetry?: () => void;
  /** More buttons, besides the one to retry. */
  children?: ReactNode;
}

/** Shows an error with its advice, at the place where the error happened. */
export function ErrorNotice({ error, onRetry, children }: Props) {
  const { t } = useTranslation('common');
  const words = useErrorWords()(error);
  return (
    <div className={classes.error} role="alert" data-testid="error" data-code={error.code}>
      <CircleAlert size={20} strokeWidth={1.75} aria-hidden />
      <div className={classes.errorText}>
        <p className={classes.errorTitle}>{words.title}</p>
        {words.holders.length > 0 && <HolderLines lines={words.holders} />}
        <p className={classes.errorAdvice}>{words.advice}</p>
      </div>
      {(onRetry || children) && (
        <div className={classes.errorActions}>
          {children}
          {onRetry && (
            <Button size="xs" variant="default" onClick={onRetry}>
              {t('retry')}
            </Button>
          )}
        </div>
      )}
    </div>
  );
}
