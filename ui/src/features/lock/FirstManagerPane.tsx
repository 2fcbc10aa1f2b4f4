import { Button, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import {
  type AppError,
  asAppError,
  type Founded,
  type LockScreen,
  type Session,
  useBackend,
} from '../../backend';
import { isBlank, LIMITS, lengthOf } from '../../shared/limits';
import { ErrorNotice, Kbd } from '../../shared/parts';
import { NewPinFields, useNewPin } from '../../shared/people/NewPin';
import { RecoveryCode } from '../../shared/people/RecoveryCode';
import classes from './Lock.module.css';

/** Makes the first manager of a facility that was founded without people, as by `nosmoke serve`. */
export function FirstManagerPane({
  lock,
  onSignedIn,
}: {
  lock: LockScreen;
  onSignedIn: (session: Session) => void;
}) {
  const { t } = useTranslation('lock');
  const backend = useBackend();
  const pin = useNewPin('manager');
  const [name, setName] = useState('');
  const [isChecked, setIsChecked] = useState(false);
  const [error, setError] = useState<AppError | null>(null);
  const [isSending, setIsSending] = useState(false);
  const [founded, setFounded] = useState<Founded | null>(null);
  const count = lengthOf(name);
  const problem = !isChecked
    ? null
    : isBlank(name)
      ? t('first.nameNeeded')
      : count > LIMITS.name
        ? t('first.tooLong', { max: LIMITS.name, value: count })
        : null;

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setIsChecked(true);
    const isPinRight = pin.check();
    if (isSending || !isPinRight || isBlank(name) || count > LIMITS.name) return;
    setIsSending(true);
    setError(null);
    try {
      setFounded(await backend.firstManager({ name, pin: pin.pin }));
    } catch (thrown) {
      setError(asAppError(thrown));
    } finally {
      setIsSending(false);
    }
  };
  if (founded) {
    return (
      <div className={classes.own}>
        <h1 className={classes.title}>{t('code.title')}</h1>
        <p className={classes.intro}>{t('code.intro')}</p>
        <RecoveryCode
          layer="lock"
          code={founded.recoveryCode}
          facilityName={founded.session.facility.name}
          onKept={() => onSignedIn(founded.session)}
        />
      </div>
    );
  }
  return (
    <form
      className={classes.own}
      noValidate
      data-testid="first-manager"
      onSubmit={(event) => void submit(event)}
    >
      <h1 className={classes.title}>{t('first.title')}</h1>
      <p className={classes.intro}>{t('first.intro', { facility: lock.facilityName })}</p>
      <TextInput
        autoFocus
        autoComplete="off"
        spellCheck={false}
        label={t('first.name')}
        value={name}
        error={problem}
        data-testid="first-manager-name"
        onChange={(event) => {
          setName(event.currentTarget.value);
          setIsChecked(false);
        }}
      />
      <NewPinFields fields={pin.fields} testid="first-manager-pin" />
      {error && <ErrorNotice error={error} />}
      <footer className={classes.actions}>
        <Button
          size="md"
          type="submit"
          loading={isSending}
          rightSection={<Kbd on="accent">Enter</Kbd>}
          data-testid="first-manager-submit"
        >
          {t('first.submit')}
        </Button>
      </footer>
    </form>
  );
}
