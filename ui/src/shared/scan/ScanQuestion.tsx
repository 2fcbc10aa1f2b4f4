import { Button, Modal, Stack } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { CustomerName } from '../../backend';
import { Kbd } from '../parts';
import classes from '../parts/parts.module.css';
import { useWords } from '../words';

interface Props {
  card: string;
  /** Whose card it is; null if nobody has it. */
  holder: CustomerName | null;
  onSwitch: () => void;
  onKeep: () => void;
}

/**
 * Asks what a card that was read over something typed is for. Keeping has the cursor, so that a stray Enter loses
 * nothing. The provider handles Escape and Ctrl Enter, before the dialog below gets them.
 */
export function ScanQuestion({ card, holder, onSwitch, onKeep }: Props) {
  const { t } = useTranslation('common');
  const { nameOf } = useWords();
  return (
    <Modal
      opened
      onClose={onKeep}
      closeOnEscape={false}
      size={480}
      title={t('scan.questionTitle')}
      data-testid="scan-question"
    >
      <Stack gap={24}>
        <p className={classes.confirmText}>
          {holder ? t('scan.questionHolder', { name: nameOf(holder) }) : t('scan.questionUnknown', { card })}
        </p>
        <div className={classes.confirmActions} data-dialog-foot>
          <Button
            size="md"
            variant="default"
            data-autofocus
            data-testid="scan-keep"
            rightSection={<Kbd>Esc</Kbd>}
            onClick={onKeep}
          >
            {t('scan.keep')}
          </Button>
          <Button
            size="md"
            data-testid="scan-switch"
            rightSection={<Kbd on="accent">Ctrl Enter</Kbd>}
            onClick={onSwitch}
          >
            {t(holder ? 'scan.switch' : 'scan.switchUnknown')}
          </Button>
        </div>
      </Stack>
    </Modal>
  );
}
