import { Modal } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { AreaOccupancy, Command, Occupant, Outcome } from '../../../backend';
import { useAction } from '../../../shared/data/useAction';
import { formatNumber } from '../../../shared/format';
import { ErrorNotice } from '../../../shared/parts';
import { useNow } from '../../../shared/time';
import { useWords } from '../../../shared/words';
import { DialogFoot } from './DialogFoot';
import classes from './dialogs.module.css';

interface ConfirmCallbacks {
  onClose: () => void;
  onDone: (outcome: Outcome) => void;
}

interface ConfirmProps extends ConfirmCallbacks {
  title: string;
  text: string;
  submit: ReactNode;
  command: Command;
  testid: string;
}

/** Asks before one command is recorded; Enter confirms. */
export function Confirm({ title, text, submit, command, testid, onClose, onDone }: ConfirmProps) {
  const { run, isPending, error } = useAction();
  return (
    <Modal opened onClose={onClose} size={440} title={title} data-testid={testid}>
      <form
        className={classes.form}
        data-busy={isPending || undefined}
        onSubmit={(event) => {
          event.preventDefault();
          void run(command).then((outcome) => outcome && onDone(outcome));
        }}
      >
        <p className={classes.lead}>{text}</p>
        {error && <ErrorNotice error={error} />}
        <DialogFoot onCancel={onClose} testid={`${testid}-submit`} loading={isPending} autoFocus>
          {submit}
        </DialogFoot>
      </form>
    </Modal>
  );
}

/** Asks for confirmation before everyone in an area is checked out. The title has the number of people. */
export function EveryoneOutDialog({ area, ...callbacks }: ConfirmCallbacks & { area: AreaOccupancy }) {
  const { t } = useTranslation('desk');
  const value = formatNumber(area.present);
  return (
    <Confirm
      {...callbacks}
      testid="everyone-out-dialog"
      title={t('everyoneOut.title', { area: area.area.name, value })}
      text={t('everyoneOut.text')}
      submit={t('everyoneOut.submit', { value })}
      command={{ type: 'checkOutArea', areaId: area.area.areaId }}
    />
  );
}

interface CloseVisitProps extends ConfirmCallbacks {
  occupant: Occupant;
  area: AreaOccupancy;
}

export function CloseVisitDialog({ occupant, area, ...callbacks }: CloseVisitProps) {
  const { t } = useTranslation('desk');
  const { nameOf, duration } = useWords();
  const now = useNow();
  return (
    <Confirm
      {...callbacks}
      testid="close-visit-dialog"
      title={t('closing.title', { name: nameOf(occupant.customer) })}
      text={t('closing.text', { area: area.area.name, duration: duration(occupant.since, now) })}
      submit={t('closing.submit')}
      command={{ type: 'closeVisit', visitId: occupant.visitId, reason: 'forgotten' }}
    />
  );
}
