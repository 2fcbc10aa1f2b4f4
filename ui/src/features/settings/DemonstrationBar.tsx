import { Button } from '@mantine/core';
import { FlaskConical } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type AppError, asAppError, useBackend } from '../../backend';
import { Confirm, ErrorNotice } from '../../shared/parts';
import { useSessionState } from '../../shared/session';
import classes from './Settings.module.css';

/** Says that nothing here is real, and offers the way out. */
export function DemonstrationBar() {
  const { t } = useTranslation('settings');
  const backend = useBackend();
  const { adopt } = useSessionState();
  const [isAsked, setIsAsked] = useState(false);
  const [isLeaving, setIsLeaving] = useState(false);
  const [error, setError] = useState<AppError | null>(null);
  const leave = async () => {
    setError(null);
    setIsLeaving(true);
    try {
      adopt(await backend.leaveDemonstration());
    } catch (thrown) {
      setError(asAppError(thrown));
      setIsLeaving(false);
    }
  };
  return (
    <div className={classes.demonstration} data-testid="settings-demonstration">
      <FlaskConical size={20} strokeWidth={1.75} aria-hidden />
      <p>{t('demonstration.bar')}</p>
      <Button variant="default" data-testid="settings-demonstration-leave" onClick={() => setIsAsked(true)}>
        {t('demonstration.leave')}
      </Button>
      {isAsked && (
        <Confirm
          title={t('demonstration.title')}
          keep={t('demonstration.keep')}
          confirm={t('demonstration.confirm')}
          isBusy={isLeaving}
          isDangerous
          testId="settings-demonstration-leave-confirm"
          onConfirm={() => void leave()}
          onClose={() => setIsAsked(false)}
        >
          <p>{t('demonstration.explain')}</p>
          {error && <ErrorNotice error={error} />}
        </Confirm>
      )}
    </div>
  );
}
