import { Button, Modal, Stack } from '@mantine/core';
import type { ReactNode } from 'react';
import { useHotkeys } from '../../shared/hotkeys';
import { Kbd } from '../../shared/parts';
import classes from './Settings.module.css';

interface ConfirmProps {
  title: string;
  children: ReactNode;
  keep: string;
  confirm: string;
  /** A way out between the two, such as backing up first. */
  between?: ReactNode;
  isBusy?: boolean;
  isDangerous?: boolean;
  testId: string;
  onConfirm: () => void;
  onClose: () => void;
}

/** Asks before something that is hard to take back. The safe answer has the cursor. */
export function Confirm(props: ConfirmProps) {
  const { title, children, keep, confirm, between, isBusy, isDangerous, testId, onConfirm, onClose } = props;
  useHotkeys({ 'Ctrl Enter': () => !isBusy && onConfirm() }, { inDialog: true });
  return (
    <Modal opened onClose={onClose} size={520} title={title}>
      <Stack gap={24}>
        <div className={classes.explain}>{children}</div>
        <div className={classes.dialogActions}>
          <Button size="md" variant="default" data-autofocus onClick={onClose}>
            {keep}
          </Button>
          {between}
          <Button
            size="md"
            loading={isBusy ?? false}
            {...(isDangerous ? { color: 'bad' } : {})}
            rightSection={<Kbd on="accent">Ctrl Enter</Kbd>}
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
