import { Button, SegmentedControl, TextInput } from '@mantine/core';
import { type FormEvent, type KeyboardEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type Role, type StaffMember, useBackend } from '../../../backend';
import { useAdoptStaff } from '../../../shared/data/people';
import { isComposing } from '../../../shared/inputMethod';
import { isBlank, LIMITS, lengthOf } from '../../../shared/limits';
import { ErrorNotice, Kbd } from '../../../shared/parts';
import { NewPinFields, useNewPin } from '../../../shared/people/NewPin';
import { useSessionState } from '../../../shared/session';
import { useUnsaved } from '../../../shared/unsaved';
import { useAttempt } from '../../../shared/useAttempt';
import classes from '../Settings.module.css';

const ROLES: readonly Role[] = ['staff', 'supervisor', 'manager'];

interface Props {
  /** The person to change; absent for a new one. */
  person?: StaffMember;
  onSaved: (name: string) => void;
  onCancel: () => void;
}

/** Name, role and, where one is needed, a PIN: for a new person, one who comes back, or one who becomes a manager. */
export function PersonForm({ person, onSaved, onCancel }: Props) {
  const { t } = useTranslation('settings');
  const { t: common } = useTranslation('common');
  const backend = useBackend();
  const adopt = useAdoptStaff();
  const { session, restart } = useSessionState();
  const { isBusy, error, attempt, clear } = useAttempt();
  const [name, setName] = useState(person?.name ?? '');
  const [role, setRole] = useState<Role>(person?.role ?? 'staff');
  const [isChecked, setIsChecked] = useState(false);
  const pin = useNewPin(role);
  useUnsaved(name !== (person?.name ?? '') || role !== (person?.role ?? 'staff'));
  const needsPin =
    !person || person.retired || !person.hasPin || (role === 'manager' && person.role !== 'manager');
  const count = lengthOf(name);
  const problem = !isChecked
    ? null
    : isBlank(name)
      ? t('needed')
      : count > LIMITS.name
        ? t('tooLong', { max: LIMITS.name, value: count })
        : null;

  const submit = (event: FormEvent) => {
    event.preventDefault();
    setIsChecked(true);
    const isPinRight = !needsPin || pin.check();
    if (isBlank(name) || count > LIMITS.name || !isPinRight) return;
    void attempt(async () => {
      const members = await backend.saveStaff({
        name,
        role,
        ...(person && { staffId: person.staffId }),
        ...(needsPin && { pin: pin.pin }),
      });
      onSaved(name);
      adopt(members);
      if (person?.staffId === session.staff.staffId) await restart();
    });
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'Escape' || isComposing(event)) return;
    event.preventDefault();
    onCancel();
  };
  return (
    <form
      className={classes.form}
      noValidate
      data-testid="settings-person-form"
      onSubmit={submit}
      onKeyDown={onKeyDown}
    >
      <TextInput
        autoFocus
        label={t('people.name')}
        autoComplete="off"
        spellCheck={false}
        value={name}
        error={problem}
        data-testid="settings-person-name"
        onChange={(event) => {
          setName(event.currentTarget.value);
          setIsChecked(false);
          clear();
        }}
      />
      <div>
        <SegmentedControl
          aria-label={t('people.role')}
          value={role}
          onChange={(value) => setRole(value as Role)}
          data={ROLES.map((value) => ({
            value,
            disabled: (person?.lastManager ?? false) && value !== 'manager',
            label: <span data-testid={`settings-person-${value}`}>{common(`role.${value}`)}</span>,
          }))}
        />
        <p className={classes.quiet}>{t(`people.may.${role}`)}</p>
      </div>
      {needsPin && <NewPinFields fields={pin.fields} testid="settings-person-new-pin" />}
      {error && <ErrorNotice error={error} />}
      <div className={classes.actions}>
        <Button
          size="md"
          type="submit"
          loading={isBusy}
          rightSection={<Kbd on="accent">Enter</Kbd>}
          data-testid="settings-person-save"
        >
          {t('save')}
        </Button>
        <Button size="md" variant="default" rightSection={<Kbd>Esc</Kbd>} onClick={onCancel}>
          {t('cancel')}
        </Button>
      </div>
    </form>
  );
}
