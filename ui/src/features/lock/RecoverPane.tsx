import { Button, NativeSelect, TextInput } from '@mantine/core';
import { Hourglass } from 'lucide-react';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type AppError, asAppError, type LockScreen, useBackend } from '../../backend';
import { useTopEscape } from '../../shared/hotkeys';
import { isBlank } from '../../shared/limits';
import { ErrorNotice, HINT_BELOW, Kbd } from '../../shared/parts';
import { NewPinFields, useNewPin } from '../../shared/people/NewPin';
import { usePinWords } from '../../shared/people/pinWords';
import { RecoveryCode } from '../../shared/people/RecoveryCode';
import { useCountdown } from '../../shared/people/useCountdown';
import { formatCountdown } from '../../shared/time';
import classes from './Lock.module.css';

interface Props {
  lock: LockScreen;
  /** When the recovery code may be tried again. */
  endsAt: number | null;
  onReload: () => void;
  onLeave: () => void;
  /** Called when the next code was kept, with the manager who has a new PIN. */
  onRecovered: (staffId: string) => void;
}

/** Sets a manager's PIN with the recovery code, which is then used up, and shows the next code. */
export function RecoverPane({ lock, endsAt, onReload, onLeave, onRecovered }: Props) {
  const { t } = useTranslation('lock');
  const { t: common } = useTranslation('common');
  const codeWords = usePinWords('code');
  const backend = useBackend();
  const managers = lock.staff.filter(({ role }) => role === 'manager');
  const [code, setCode] = useState('');
  const [staffId, setStaffId] = useState(managers[0]?.staffId ?? '');
  const [nextCode, setNextCode] = useState<string | null>(null);
  const [error, setError] = useState<AppError | null>(null);
  const [isSending, setIsSending] = useState(false);
  const [isChecked, setIsChecked] = useState(false);
  const pin = useNewPin('manager');
  const seconds = useCountdown(endsAt);
  const waits = seconds > 0;
  useTopEscape('lock', onLeave, nextCode === null);

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setIsChecked(true);
    const isPinRight = pin.check();
    if (isSending || waits || !isPinRight || isBlank(code)) return;
    setIsSending(true);
    setError(null);
    try {
      setNextCode((await backend.recover({ code, staffId, pin: pin.pin })).nextCode);
    } catch (thrown) {
      setError(asAppError(thrown));
      onReload();
    } finally {
      setIsSending(false);
    }
  };
  if (nextCode !== null) {
    return (
      <div className={classes.own}>
        <h1 className={classes.title}>{t('recover.doneTitle')}</h1>
        <p className={classes.intro}>{t('recover.done')}</p>
        <RecoveryCode
          layer="lock"
          code={nextCode}
          facilityName={lock.facilityName}
          onKept={() => onRecovered(staffId)}
        />
      </div>
    );
  }
  const wrong = error && codeWords(error);
  return (
    <form className={classes.own} noValidate data-testid="recover" onSubmit={(event) => void submit(event)}>
      <h1 className={classes.title}>{t('recover.title')}</h1>
      <p className={classes.intro}>{t('recover.intro')}</p>
      <TextInput
        autoFocus
        autoComplete="off"
        spellCheck={false}
        label={t('recover.code')}
        description={t('recover.codeHint')}
        inputWrapperOrder={HINT_BELOW}
        value={code}
        error={isChecked && isBlank(code) ? t('recover.codeNeeded') : wrong}
        disabled={waits}
        data-scan="raw"
        data-testid="recover-code"
        onChange={(event) => {
          setCode(event.currentTarget.value);
          setIsChecked(false);
          setError(null);
        }}
      />
      {waits && (
        <p className={classes.caution} role="timer" data-testid="recover-wait">
          <Hourglass size={16} strokeWidth={1.75} aria-hidden />
          <span>{t('recover.wait', { time: formatCountdown(seconds) })}</span>
        </p>
      )}
      <NativeSelect
        size="md"
        label={t('recover.manager')}
        value={staffId}
        data-testid="recover-manager"
        data={managers.map((one) => ({ value: one.staffId, label: one.name }))}
        onChange={(event) => setStaffId(event.currentTarget.value)}
      />
      <NewPinFields fields={pin.fields} testid="recover-pin" />
      {error && wrong === null && <ErrorNotice error={error} />}
      <footer className={classes.actions}>
        <Button
          size="md"
          variant="default"
          rightSection={<Kbd>Esc</Kbd>}
          data-testid="recover-back"
          onClick={onLeave}
        >
          {common('cancel')}
        </Button>
        <Button
          size="md"
          type="submit"
          loading={isSending}
          disabled={waits}
          rightSection={<Kbd {...(waits ? {} : { on: 'accent' as const })}>Enter</Kbd>}
          data-testid="recover-submit"
        >
          {t('recover.submit')}
        </Button>
      </footer>
    </form>
  );
}
