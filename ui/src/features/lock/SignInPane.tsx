import { Button } from '@mantine/core';
import { Hourglass } from 'lucide-react';
import { type FormEvent, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type AppError, asAppError, type LockScreenStaff, type Session, useBackend } from '../../backend';
import { ErrorNotice, Kbd } from '../../shared/parts';
import { PinField } from '../../shared/people/PinField';
import { PIN_MIN } from '../../shared/people/pin';
import { usePinWords } from '../../shared/people/pinWords';
import { useCountdown } from '../../shared/people/useCountdown';
import { formatCountdown } from '../../shared/time';
import type { WaitEnds } from '.';
import classes from './Lock.module.css';

interface Props {
  person: LockScreenStaff;
  demonstrationPin: string | null;
  ends: WaitEnds;
  onBack: () => void;
  onReload: () => void;
  onSignedIn: (session: Session) => void;
}

/** Asks for the PIN of the chosen person, and counts a wait down. */
export function SignInPane({ person, demonstrationPin, ends, onBack, onReload, onSignedIn }: Props) {
  const { t } = useTranslation('lock');
  const { t: common } = useTranslation('common');
  const pinWords = usePinWords();
  const backend = useBackend();
  const [pin, setPin] = useState('');
  const [error, setError] = useState<AppError | null>(null);
  const [isTrying, setIsTrying] = useState(false);
  const input = useRef<HTMLInputElement>(null);
  const own = ends.staff.get(person.staffId) ?? null;
  const endsAt = own === null || (ends.terminal ?? 0) > own ? ends.terminal : own;
  const seconds = useCountdown(endsAt);
  const waits = seconds > 0;
  useEffect(() => {
    if (!waits && !isTrying) input.current?.focus();
  }, [waits, isTrying]);

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (isTrying || waits || pin.length < PIN_MIN) return;
    setIsTrying(true);
    setError(null);
    try {
      onSignedIn(await backend.signIn({ staffId: person.staffId, pin }));
    } catch (thrown) {
      setError(asAppError(thrown));
      setPin('');
      // The program has begun a wait, or the person isn't there any more.
      onReload();
    } finally {
      setIsTrying(false);
    }
  };
  const problem = error && pinWords(error);
  return (
    <form className={classes.own} data-testid="sign-in" onSubmit={(event) => void submit(event)}>
      <div className={classes.person}>
        <span className={classes.avatar} aria-hidden>
          {[...person.name][0]}
        </span>
        <h1 className={classes.title} data-named>
          {person.name}
          <small>{common(`role.${person.role}`)}</small>
        </h1>
      </div>
      <PinField
        inputRef={input}
        label={t('pin.label')}
        {...(demonstrationPin && { hint: t('pin.demonstration', { pin: demonstrationPin }) })}
        value={pin}
        testid="sign-in-pin"
        autoFocus
        disabled={waits}
        error={waits ? null : problem}
        onChange={(text) => {
          setPin(text);
          setError(null);
        }}
      />
      {waits && (
        <p className={classes.caution} role="timer" data-testid="sign-in-wait">
          <Hourglass size={16} strokeWidth={1.75} aria-hidden />
          <span>{t(endsAt === own ? 'pin.wait' : 'terminalWait', { time: formatCountdown(seconds) })}</span>
        </p>
      )}
      {error && problem === null && <ErrorNotice error={error} />}
      <footer className={classes.actions}>
        <Button
          size="md"
          variant="default"
          rightSection={<Kbd>Esc</Kbd>}
          data-testid="sign-in-back"
          onClick={onBack}
        >
          {t('pin.other')}
        </Button>
        <Button
          size="md"
          type="submit"
          loading={isTrying}
          disabled={waits || pin.length < PIN_MIN}
          rightSection={
            <Kbd {...(!waits && pin.length >= PIN_MIN ? { on: 'accent' as const } : {})}>Enter</Kbd>
          }
          data-testid="sign-in-submit"
        >
          {t('pin.submit')}
        </Button>
      </footer>
    </form>
  );
}
