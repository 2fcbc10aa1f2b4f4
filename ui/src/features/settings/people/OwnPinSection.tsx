import { Button } from '@mantine/core';
import { type FormEvent, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useBackend } from '../../../backend';
import { ErrorNotice, Kbd } from '../../../shared/parts';
import { NewPinFields, useNewPin } from '../../../shared/people/NewPin';
import { PinField } from '../../../shared/people/PinField';
import { usePinWords } from '../../../shared/people/pinWords';
import { endOfWait, useCountdown } from '../../../shared/people/useCountdown';
import { useSession } from '../../../shared/session';
import { formatCountdown } from '../../../shared/time';
import { useUnsaved } from '../../../shared/unsaved';
import { useAttempt } from '../../../shared/useAttempt';
import { DoneNotice, SectionHead } from '../Section';
import classes from '../Settings.module.css';

/** Changes the own PIN, with the one in use. */
export function OwnPinSection() {
  const { t } = useTranslation('settings');
  const { t: people } = useTranslation('people');
  const pinWords = usePinWords();
  const backend = useBackend();
  const { staff } = useSession();
  const { isBusy, error, attempt, clear } = useAttempt();
  const [old, setOld] = useState('');
  const [isDone, setIsDone] = useState(false);
  const [waitsUntil, setWaitsUntil] = useState<number | null>(null);
  const seconds = useCountdown(waitsUntil);
  const pin = useNewPin(staff.role);
  const newPin = useRef<HTMLInputElement>(null);
  useUnsaved(old !== '' || pin.pin !== '');
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setIsDone(false);
    if (old === '' || !pin.check()) return;
    void attempt(async () => {
      try {
        await backend.changeOwnPin({ pin: old, newPin: pin.pin });
      } catch (thrown) {
        setOld('');
        const { waitMs } = (thrown as { params?: { waitMs?: number | null } }).params ?? {};
        setWaitsUntil(endOfWait(waitMs ?? null));
        throw thrown;
      }
      setOld('');
      pin.clear();
      setIsDone(true);
    });
  };
  const wrong = error && pinWords(error);
  const waits = seconds > 0;
  return (
    <>
      <SectionHead title={t('ownPin.title')}>{t('ownPin.hint', { name: staff.name })}</SectionHead>
      <form className={classes.form} noValidate onSubmit={submit}>
        <div className={classes.halfField}>
          <PinField
            label={t('ownPin.now')}
            value={old}
            error={wrong}
            disabled={waits}
            {...(waits && { hint: people('approval.wait', { time: formatCountdown(seconds) }) })}
            testid="settings-own-pin"
            onChange={(text) => {
              setOld(text);
              clear();
            }}
            onKeyDown={(event) => {
              if (event.key !== 'Enter') return;
              event.preventDefault();
              newPin.current?.focus();
            }}
          />
        </div>
        <NewPinFields fields={pin.fields} inputRef={newPin} testid="settings-own-new-pin" />
        {error && wrong === null && <ErrorNotice error={error} />}
        <div className={classes.actions}>
          <Button
            size="md"
            variant="default"
            type="submit"
            loading={isBusy}
            disabled={waits || old === '' || pin.pin === ''}
            rightSection={<Kbd>Enter</Kbd>}
            data-testid="settings-own-pin-save"
          >
            {t('ownPin.save')}
          </Button>
        </div>
        <DoneNotice>{isDone && t('ownPin.done')}</DoneNotice>
      </form>
    </>
  );
}
