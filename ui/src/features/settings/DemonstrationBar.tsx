import { Button } from '@mantine/core';
import { FlaskConical } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useBackend } from '../../backend';
import { Confirm, ErrorNotice } from '../../shared/parts';
import { useSessionState } from '../../shared/session';
import { useAttempt } from '../../shared/useAttempt';
import classes from './Settings.module.css';

/** Says that this is the demonstration, with a button to leave it. */
export function DemonstrationBar() {
  const { t } = useTranslation('settings');
  const backend = useBackend();
  const { adopt } = useSessionState();
  const [isConfirming, setIsConfirming] = useState(false);
  const { isBusy: isLeaving, error, attempt } = useAttempt();
  const leave = () => attempt(async () => adopt(await backend.leaveDemonstration()));
  return (
    <div className={classes.demonstration} data-testid="settings-demonstration">
      <FlaskConical size={20} strokeWidth={1.75} aria-hidden />
      <p>{t('demonstration.bar')}</p>
      <Button
        variant="default"
        data-testid="settings-demonstration-leave"
        onClick={() => setIsConfirming(true)}
      >
        {t('demonstration.leave')}
      </Button>
      {isConfirming && (
        <Confirm
          title={t('demonstration.title')}
          keep={t('demonstration.keep')}
          confirm={t('demonstration.confirm')}
          isBusy={isLeaving}
          isDangerous
          testId="settings-demonstration-leave-confirm"
          onConfirm={() => void leave()}
          onClose={() => setIsConfirming(false)}
        >
          <p>{t('demonstration.explain')}</p>
          {error && <ErrorNotice error={error} />}
        </Confirm>
      )}
    </div>
  );
}
