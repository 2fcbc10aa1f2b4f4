import { Modal } from '@mantine/core';
import type { ReactNode } from 'react';
import type { Command, Outcome } from '../../backend';
import { useAction } from '../data/useAction';
import { DialogFoot } from './DialogFoot';
import { ErrorNotice } from './ErrorNotice';
import classes from './parts.module.css';

interface Props {
  title: string;
  text: string;
  children?: ReactNode;
  submit: ReactNode;
  command: Command;
  testid: string;
  onClose: () => void;
  onDone: (outcome: Outcome, command: Command) => void;
}

/** Asks before one command is recorded; Enter confirms. */
export function RecordConfirm({ title, text, children, submit, command, testid, onClose, onDone }: Props) {
  const { run, isPending, error } = useAction();
  return (
    <Modal opened onClose={onClose} size={440} title={title} data-testid={testid}>
      <form
        className={classes.recordForm}
        data-busy={isPending || undefined}
        onSubmit={(event) => {
          event.preventDefault();
          void run(command).then((outcome) => outcome && onDone(outcome, command));
        }}
      >
        <p className={classes.recordText}>{text}</p>
        {children}
        {error && <ErrorNotice error={error} />}
        <DialogFoot onCancel={onClose} testid={`${testid}-submit`} loading={isPending} autoFocus>
          {submit}
        </DialogFoot>
      </form>
    </Modal>
  );
}
