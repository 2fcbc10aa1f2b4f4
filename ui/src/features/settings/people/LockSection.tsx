import { NativeSelect } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type AppError, asAppError } from '../../../backend';
import { ErrorNotice } from '../../../shared/parts';
import { useSessionState } from '../../../shared/session';
import { SectionHead } from '../Section';
import classes from '../Settings.module.css';

const MINUTES = [0, 1, 2, 5, 10, 15, 30, 60, 120, 240] as const;

/** When this terminal locks itself. */
export function LockSection() {
  const { t } = useTranslation('settings');
  const { session, savePreferences } = useSessionState();
  const [error, setError] = useState<AppError | null>(null);
  const { autoLockMinutes } = session.preferences;
  const choices = [...new Set([...MINUTES, autoLockMinutes])].sort((one, other) => one - other);
  return (
    <>
      <SectionHead title={t('lock.title')}>{t('lock.hint')}</SectionHead>
      <div className={classes.choice}>
        <span>
          {t('lock.auto')}
          <small>{t('lock.autoHint')}</small>
        </span>
        <NativeSelect
          size="md"
          className={classes.shortSelect ?? ''}
          aria-label={t('lock.auto')}
          value={String(autoLockMinutes)}
          data-testid="settings-auto-lock"
          data={choices.map((minutes) => ({
            value: String(minutes),
            label: minutes === 0 ? t('lock.never') : t('lock.minutes', { value: minutes, count: minutes }),
          }))}
          onChange={(event) => {
            setError(null);
            savePreferences({
              ...session.preferences,
              autoLockMinutes: Number(event.currentTarget.value),
            }).catch((thrown: unknown) => setError(asAppError(thrown)));
          }}
        />
      </div>
      {error && <ErrorNotice error={error} />}
    </>
  );
}
