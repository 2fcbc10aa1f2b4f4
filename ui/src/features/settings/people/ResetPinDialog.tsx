import { Modal } from '@mantine/core';
import type { FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { type StaffMember, useBackend } from '../../../backend';
import { useAdoptStaff } from '../../../shared/data/people';
import { DialogFoot, ErrorNotice } from '../../../shared/parts';
import { NewPinFields, useNewPin } from '../../../shared/people/NewPin';
import { useAttempt } from '../../../shared/useAttempt';
import classes from '../Settings.module.css';

interface Props {
  person: StaffMember;
  onClose: () => void;
  onDone: () => void;
}

/** Gives somebody a new PIN, typed by that person. */
export function ResetPinDialog({ person, onClose, onDone }: Props) {
  const { t } = useTranslation('settings');
  const backend = useBackend();
  const adopt = useAdoptStaff();
  const pin = useNewPin(person.role);
  const { isBusy, error, attempt } = useAttempt();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!pin.check()) return;
    void attempt(async () => {
      adopt(await backend.resetPin({ staffId: person.staffId, pin: pin.pin }));
      onDone();
    });
  };
  return (
    <Modal opened onClose={onClose} size={520} title={t('people.pinTitle', { name: person.name })}>
      <form className={classes.form} noValidate data-testid="settings-person-pin-form" onSubmit={submit}>
        <p className={classes.quiet}>{t('people.pinExplain')}</p>
        <NewPinFields fields={pin.fields} autoFocus testid="settings-reset-pin" />
        {error && <ErrorNotice error={error} />}
        <DialogFoot onCancel={onClose} testid="settings-reset-pin-submit" loading={isBusy}>
          {t('people.pin')}
        </DialogFoot>
      </form>
    </Modal>
  );
}
