import { Button, Modal, Radio, Stack } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { MypageEntry, Outcome, VoidReason } from '../../backend';
import { useAction } from '../../shared/data/useAction';
import { formatNumber } from '../../shared/format';
import { useHotkeys } from '../../shared/hotkeys';
import { ErrorNotice, Kbd } from '../../shared/parts';
import { useLanguage } from '../../shared/preferences';
import { formatMoment } from '../../shared/time';
import classes from './Mypage.module.css';

const REASONS: readonly VoidReason[] = ['mistaken', 'wrong_customer', 'wrong_amount', 'other'];

interface VoidDialogProps {
  entry: MypageEntry;
  /** The current balance, from which the dialog computes the balance after the void. */
  balance: number;
  onClose: () => void;
  onDone: (message: string) => void;
}

/** Asks for confirmation before a payment or a penalty is voided, and explains the consequences. */
export function VoidDialog({ entry, balance, onClose, onDone }: VoidDialogProps) {
  const { t } = useTranslation('mypage');
  const { t: common } = useTranslation('common');
  const language = useLanguage();
  const action = useAction();
  const [reason, setReason] = useState<VoidReason>('mistaken');
  const { voidablePayment: paymentId, voidablePenalty: penaltyId } = entry;
  const points = Math.abs((paymentId ? entry.points : entry.penaltyPoints) ?? 0);
  const values = {
    points: formatNumber(points),
    when: formatMoment(entry.at, language),
    balance: formatNumber(balance + points),
  };

  const messageOf = (outcome: Outcome): string => {
    if (outcome.type === 'penaltyVoided') {
      return t('void.donePenalty', { outstanding: formatNumber(outcome.outstanding) });
    }
    return t('void.donePayment', { points: values.points });
  };
  const run = async () => {
    const outcome = await action.run(
      paymentId
        ? { type: 'voidPayment', paymentId, reason }
        : { type: 'voidPenalty', penaltyId: penaltyId ?? '', reason },
    );
    if (outcome) onDone(messageOf(outcome));
  };
  useHotkeys({ 'Ctrl Enter': () => void run() }, { inDialog: true });

  return (
    <Modal
      opened
      onClose={onClose}
      size={480}
      title={t(paymentId ? 'void.titlePayment' : 'void.titlePenalty', values)}
      data-testid="void-dialog"
    >
      <Stack gap={16}>
        <div className={classes.explain}>
          <p>{t(paymentId ? 'void.explainPayment' : 'void.explainPenalty', values)}</p>
          <p>{t('void.keeps')}</p>
        </div>
        <Radio.Group
          label={t('void.reason')}
          value={reason}
          onChange={(value) => setReason(value as VoidReason)}
        >
          <Stack gap={8} mt={4}>
            {REASONS.map((value) => (
              <Radio
                key={value}
                value={value}
                label={common(`voidReason.${value}`)}
                {...(value === reason ? { 'data-autofocus': true } : {})}
              />
            ))}
          </Stack>
        </Radio.Group>
        {action.error && <ErrorNotice error={action.error} />}
        <div className={classes.dialogActions}>
          <Button variant="default" size="md" onClick={onClose}>
            {t('void.keep')}
          </Button>
          <Button
            size="md"
            color="bad"
            loading={action.isPending}
            rightSection={<Kbd on="accent">Ctrl Enter</Kbd>}
            data-testid="void-confirm"
            onClick={() => void run()}
          >
            {t(paymentId ? 'void.confirmPayment' : 'void.confirmPenalty')}
          </Button>
        </div>
      </Stack>
    </Modal>
  );
}
