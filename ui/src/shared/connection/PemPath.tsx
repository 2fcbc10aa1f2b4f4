import { Button, TextInput } from '@mantine/core';
import { FolderOpen } from 'lucide-react';
import { useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { useBackend } from '../../backend';
import classes from './connection.module.css';

/** The hint stands below its field. */
export const order: ('label' | 'input' | 'description' | 'error')[] = [
  'label',
  'input',
  'description',
  'error',
];

interface Props {
  label: string;
  hint?: string;
  placeholder?: string;
  value: string;
  testId: string;
  onChange: (path: string) => void;
}

/** The path of a PEM file, typed or chosen in the system's own dialog. */
export function PemPath({ label, hint, placeholder = '', value, testId, onChange }: Props) {
  const { t } = useTranslation('connection');
  const backend = useBackend();
  const field = useRef<HTMLInputElement>(null);
  const pick = async () => {
    const path = await backend.pickPem();
    if (path !== null) onChange(path);
    field.current?.focus();
  };
  return (
    <div className={classes.file}>
      <TextInput
        ref={field}
        autoComplete="off"
        spellCheck={false}
        inputWrapperOrder={order}
        label={label}
        description={hint}
        placeholder={placeholder}
        value={value}
        data-testid={testId}
        onChange={(event) => onChange(event.currentTarget.value)}
      />
      <Button
        size="md"
        variant="default"
        aria-label={t('pickOf', { file: label })}
        leftSection={<FolderOpen size={16} strokeWidth={1.75} />}
        data-testid={`${testId}-pick`}
        onClick={() => void pick()}
      >
        {t('pick')}
      </Button>
    </div>
  );
}
