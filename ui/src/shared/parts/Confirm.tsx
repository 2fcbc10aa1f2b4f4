import { Button, Modal, Stack } from '@mantine/core';
import type { ReactNode } from 'react';
import { useHotkeys } from '../hotkeys';
import { Kbd } from './Kbd';
import classes from './parts.module.css';

interface ConfirmProps {
  title: string;
  children: ReactNode;
  keep: string;
  confirm: string;
  /** Another button between cancel and confirm, such as one that makes a backup first. */
  between?: ReactNode;
  isBusy?: boolean;
  /** Disables the confirm button, for example until a checkbox in `children` is checked. */
  isDisabled?: boolean;
  isDangerous?: boolean;
  testId: string;
  onConfirm: () => void;
  onClose: () => void;
}

/** A confirmation dialog for actions that are hard to undo. The button that cancels has the focus. */
export function Confirm(props: ConfirmProps) {
  const { title, children, keep, confirm, between, isBusy, isDisabled, isDangerous, testId } = props;
  const { onConfirm, onClose } = props;
  useHotkeys({ 'Ctrl Enter': () => !isBusy && !isDisabled && onConfirm() }, { inDialog: true });
  return (
    <Modal opened onClose={onClose} size={520} title={title}>
      <Stack gap={24}>
        <div className={classes.confirmText}>{children}</div>
        <div className={classes.confirmActions} data-dialog-foot>
          <Button size="md" variant="default" data-autofocus onClick={onClose}>
            {keep}
          </Button>
          {between}
          <Button
            size="md"
            loading={isBusy ?? false}
            disabled={isDisabled ?? false}
            {...(isDangerous ? { color: 'bad' } : {})}
            rightSection={<Kbd {...(isDisabled ? {} : { on: 'accent' as const })}>Ctrl Enter</Kbd>}
            data-testid={testId}
            onClick={onConfirm}
          >
            {confirm}
          </Button>
        </div>
      </Stack>
    </Modal>
  );
}
