import { Button, Modal } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useBackend } from '../../../backend';
import { Confirm, ErrorNotice } from '../../../shared/parts';
import { RecoveryCode } from '../../../shared/people/RecoveryCode';
import { useSessionState } from '../../../shared/session';
import { useAttempt } from '../../../shared/useAttempt';
import classes from '../Settings.module.css';

/** Makes another recovery code, or the first one of a facility that has none. */
export function RecoveryPart() {
  const { t } = useTranslation('settings');
  const backend = useBackend();
  const { session, restart } = useSessionState();
  const { isBusy, error, attempt } = useAttempt();
  const [isAsking, setIsAsking] = useState(false);
  const [code, setCode] = useState<string | null>(null);
  const renew = () =>
    attempt(async () => {
      const { nextCode } = await backend.renewRecoveryCode();
      setIsAsking(false);
      setCode(nextCode);
    });
  const has = session.hasRecoveryCode;
  return (
    <div className={classes.connection}>
      <h3 className={classes.subhead}>{t('recovery.title')}</h3>
      <p className={classes.quiet}>{t(has ? 'recovery.hint' : 'recovery.none')}</p>
      {error && <ErrorNotice error={error} />}
      <div className={classes.actions}>
        <Button
          size="md"
          variant="default"
          loading={isBusy}
          data-testid="settings-recovery"
          onClick={() => (has ? setIsAsking(true) : void renew())}
        >
          {t(has ? 'recovery.renew' : 'recovery.make')}
        </Button>
      </div>
      {isAsking && (
        <Confirm
          title={t('recovery.ask')}
          keep={t('recovery.keep')}
          confirm={t('recovery.confirm')}
          isBusy={isBusy}
          testId="settings-recovery-confirm"
          onConfirm={() => void renew()}
          onClose={() => setIsAsking(false)}
        >
          <p>{t('recovery.explain')}</p>
        </Confirm>
      )}
      {code !== null && (
        <Modal
          opened
          // The code is shown once: only the confirmation that it was kept closes this.
          onClose={() => {}}
          closeOnEscape={false}
          closeOnClickOutside={false}
          withCloseButton={false}
          size={560}
          title={t('recovery.title')}
        >
          <RecoveryCode
            inDialog
            code={code}
            facilityName={session.facility.name}
            onKept={() => {
              setCode(null);
              void restart();
            }}
          />
        </Modal>
      )}
    </div>
  );
}
