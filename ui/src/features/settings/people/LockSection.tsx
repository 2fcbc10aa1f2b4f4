import { NativeSelect, SegmentedControl } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type AppError, asAppError, type EvacuationContent } from '../../../backend';
import { ErrorNotice } from '../../../shared/parts';
import { useMayAct } from '../../../shared/roles';
import { useSessionState } from '../../../shared/session';
import { SectionHead } from '../Section';
import classes from '../Settings.module.css';
import { useSave } from '../useSave';

const MINUTES = [0, 1, 2, 5, 10, 15, 30, 60, 120, 240] as const;

/** When this terminal locks itself, and what the evacuation list of the lock screen shows. */
export function LockSection() {
  const { t } = useTranslation('settings');
  const { session, savePreferences } = useSessionState();
  const mayAct = useMayAct();
  const evacuation = useSave();
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
      {mayAct('manager') && (
        <div className={classes.choice}>
          <span>
            {t('lock.evacuation')}
            <small>{t('lock.evacuationHint')}</small>
          </span>
          <SegmentedControl
            aria-label={t('lock.evacuation')}
            value={session.evacuation}
            onChange={(content) =>
              void evacuation.save({ type: 'saveEvacuation', content: content as EvacuationContent })
            }
            data={(['names', 'counts'] as const).map((value) => ({
              value,
              label: <span data-testid={`settings-evacuation-${value}`}>{t(`lock.${value}`)}</span>,
            }))}
          />
        </div>
      )}
      {(error ?? evacuation.error) && <ErrorNotice error={(error ?? evacuation.error) as AppError} />}
    </>
  );
}
