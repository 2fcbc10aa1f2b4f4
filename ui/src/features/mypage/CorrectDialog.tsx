import { Button, Modal, Radio, Stack } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Command, CorrectionKind, MypageEntry, Outcome, VoidReason } from '../../backend';
import { useAction } from '../../shared/data/useAction';
import { formatNumber } from '../../shared/format';
import { useHotkeys } from '../../shared/hotkeys';
import { ErrorNotice, Kbd } from '../../shared/parts';
import { useLanguage } from '../../shared/preferences';
import { formatMoment } from '../../shared/time';
import classes from './Mypage.module.css';

/** The corrections that this dialog asks about; the others have forms of their own. */
export type AskedCorrection = Exclude<CorrectionKind, 'closeVisit' | 'adjustPoints'>;

const TEXTS = {
  voidVisit: 'Visit',
  takeBackCheckOut: 'CheckOut',
  voidPayment: 'Payment',
  voidPenalty: 'Penalty',
  voidPenaltyDeduction: 'Deduction',
} as const;
const REASONS: readonly VoidReason[] = ['mistaken', 'wrong_customer', 'wrong_amount', 'other'];

/** The command that corrects an entry. */
function commandOf({ id, otherId }: MypageEntry, kind: AskedCorrection, reason: VoidReason): Command {
  switch (kind) {
    case 'voidVisit':
      return { type: 'voidVisit', visitId: id, reason };
    case 'takeBackCheckOut':
      return { type: 'takeBackCheckOut', visitId: id };
    case 'voidPayment':
      return { type: 'voidPayment', paymentId: id, reason };
    case 'voidPenalty':
      return { type: 'voidPenalty', penaltyId: id, reason };
    case 'voidPenaltyDeduction':
      return { type: 'voidPenaltyDeduction', penaltyId: otherId ?? '', deductionId: id, reason };
  }
}

interface Props {
  entry: MypageEntry;
  kind: AskedCorrection;
  /** The current balance, from which the dialog computes the balance afterwards. */
  balance: number;
  onClose: () => void;
  onDone: (message: string) => void;
}

/** Asks for confirmation before something is voided or taken back, and explains the consequences. */
export function CorrectDialog({ entry, kind, balance, onClose, onDone }: Props) {
  const { t } = useTranslation('mypage');
  const { t: common } = useTranslation('common');
  const language = useLanguage();
  const action = useAction();
  const [reason, setReason] = useState<VoidReason>('mistaken');
  const price = Math.abs(entry.points ?? 0);
  const points = kind === 'voidPayment' ? price : Math.abs(entry.penaltyPoints ?? 0);
  const isPaid = kind === 'voidPenaltyDeduction' && price > 0;
  const values = {
    points: formatNumber(points),
    price: formatNumber(price),
    when: formatMoment(entry.at, language),
    balance: formatNumber(balance + price),
  };
  const explain = isPaid ? 'void.explainDeductionPaid' : (`void.explain${TEXTS[kind]}` as const);

  const messageOf = (outcome: Outcome): string => {
    switch (outcome.type) {
      case 'penaltyVoided':
        return t('void.donePenalty', { outstanding: formatNumber(outcome.outstanding) });
      case 'penaltyDeductionVoided':
        return t('void.doneDeduction', { outstanding: formatNumber(outcome.outstanding) });
      case 'checkOutTakenBack':
        return t('void.doneCheckOut', { points: formatNumber(outcome.points) });
      case 'visitEnded':
        return t('void.doneVisit');
      default:
        return t('void.donePayment', { points: values.points });
    }
  };
  const run = async () => {
    const outcome = await action.run(commandOf(entry, kind, reason));
    if (outcome) onDone(messageOf(outcome));
  };
  useHotkeys({ 'Ctrl Enter': () => void run() }, { inDialog: true });

  return (
    <Modal
      opened
      onClose={onClose}
      size={480}
      title={t(`void.title${TEXTS[kind]}`, values)}
      data-testid="void-dialog"
    >
      <Stack gap={16}>
        <div className={classes.explain}>
          <p>{t(explain, values)}</p>
          <p>{t('void.keeps')}</p>
        </div>
        {kind !== 'takeBackCheckOut' && (
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
        )}
        {action.error && <ErrorNotice error={action.error} />}
        <div className={classes.dialogActions}>
          <Button variant="default" size="md" onClick={onClose}>
            {t('void.keep')}
          </Button>
          <Button
            size="md"
            color="bad"
            data-autofocus={kind === 'takeBackCheckOut' || undefined}
            loading={action.isPending}
            rightSection={<Kbd on="accent">Ctrl Enter</Kbd>}
            data-testid="void-confirm"
            onClick={() => void run()}
          >
            {t(`void.confirm${TEXTS[kind]}`)}
          </Button>
        </div>
      </Stack>
    </Modal>
  );
}
