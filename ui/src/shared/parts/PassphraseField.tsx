import { PasswordInput } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { HINT_BELOW } from './hintBelow';

interface Props {
  /** What the passphrase is for: a new backup, one that is restored, or the scheduled ones. */
  purpose: 'make' | 'restore' | 'daily';
  value: string;
  onChange: (value: string) => void;
}

/** The passphrase of a backup; empty for one that isn't locked. */
export function PassphraseField({ purpose, value, onChange }: Props) {
  const { t } = useTranslation('common');
  return (
    <PasswordInput
      label={t('passphrase.label')}
      description={t(`passphrase.${purpose}`)}
      inputWrapperOrder={HINT_BELOW}
      autoComplete="off"
      value={value}
      data-testid={`passphrase-${purpose}`}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  );
}

/** Whether an error asks for a passphrase. */
export const asksForPassphrase = (code: string | undefined) =>
  code === 'backup_locked' || code === 'wrong_passphrase';
