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
import { voidableOf, voidOf } from './voidable';

const TITLES = {
  payment: 'void.titlePayment',
  penalty: 'void.titlePenalty',
  deduction: 'void.titleDeduction',
} as const;
const SUBMITS = {
  payment: 'void.confirmPayment',
  penalty: 'void.confirmPenalty',
  deduction: 'void.confirmDeduction',
} as const;
const REASONS: readonly VoidReason[] = ['mistaken', 'wrong_customer', 'wrong_amount', 'other'];

interface VoidDialogProps {
  entry: MypageEntry;
  /** The current balance, from which the dialog computes the balance after the void. */
  balance: number;
  onClose: () => void;
  onDone: (message: string) => void;
}

/** Asks for confirmation before a payment, a penalty or a deduction is voided, and explains the consequences. */
export function VoidDialog({ entry, balance, onClose, onDone }: VoidDialogProps) {
  const { t } = useTranslation('mypage');
  const { t: common } = useTranslation('common');
  const language = useLanguage();
  const action = useAction();
  const [reason, setReason] = useState<VoidReason>('mistaken');
  const what = voidableOf(entry) ?? 'payment';
  const price = Math.abs(entry.points ?? 0);
  const points = what === 'payment' ? price : Math.abs(entry.penaltyPoints ?? 0);
  const values = {
    points: formatNumber(points),
    price: formatNumber(price),
    when: formatMoment(entry.at, language),
    balance: formatNumber(balance + price),
  };
  const explain = {
    payment: 'void.explainPayment',
    penalty: 'void.explainPenalty',
    deduction: price === 0 ? 'void.explainDeduction' : 'void.explainDeductionPaid',
  } as const;

  const messageOf = (outcome: Outcome): string => {
    switch (outcome.type) {
      case 'penaltyVoided':
        return t('void.donePenalty', { outstanding: formatNumber(outcome.outstanding) });
      case 'penaltyDeductionVoided':
        return t('void.doneDeduction', { outstanding: formatNumber(outcome.outstanding) });
      default:
        return t('void.donePayment', { points: values.points });
    }
  };
  const run = async () => {
    const outcome = await action.run(voidOf(entry, reason));
    if (outcome) onDone(messageOf(outcome));
  };
  useHotkeys({ 'Ctrl Enter': () => void run() }, { inDialog: true });

  return (
    <Modal opened onClose={onClose} size={480} title={t(TITLES[what], values)} data-testid="void-dialog">
      <Stack gap={16}>
        <div className={classes.explain}>
          <p>{t(explain[what], values)}</p>
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
            {t(SUBMITS[what])}
          </Button>
        </div>
      </Stack>
    </Modal>
  );
}
