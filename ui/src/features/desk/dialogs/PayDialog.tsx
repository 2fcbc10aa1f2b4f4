import { Button, TextInput } from '@mantine/core';
import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Command, CustomerCard, Outcome, PointsView } from '../../../backend';
import { useAction } from '../../../shared/data/useAction';
import { formatNumber, parseWhole } from '../../../shared/format';
import { ErrorNotice, Points } from '../../../shared/parts';
import classes from './dialogs.module.css';
import { PointsElsewhere } from './PointsElsewhere';
import { NoteField, RecordDialog } from './RecordDialog';

interface Props {
  card: CustomerCard;
  onClose: () => void;
  onDone: (outcome: Outcome, command: Command) => void;
}

/** Pays with points; shows how many can be paid at this terminal and the balance afterwards. */
export function PayDialog({ card, onClose, onDone }: Props) {
  const { t } = useTranslation('desk');
  const { run, isPending, error, reset } = useAction();
  const [text, setText] = useState('');
  const [note, setNote] = useState('');
  /** What the dialog shows while the payment is sent: the points as they were then, and the space below the sum. */
  const [sent, setSent] = useState<{ points: PointsView; answerHeight: number } | null>(null);
  const answer = useRef<HTMLDivElement>(null);
  const shown = sent?.points ?? card.points;
  const { balance, payableHere } = shown;
  const points = parseWhole(text);
  const isValid = points !== null && points > 0 && points <= balance;

  const problem =
    text === '' || isValid
      ? null
      : points === null || points === 0
        ? t('pay.whole')
        : t('pay.tooMuch', { balance: formatNumber(balance) });
  // The dialog can't be closed while another terminal is asked for points, because the payment isn't decided yet.
  const close = () => !isPending && onClose();

  const submit = async () => {
    if (!isValid || sent) return;
    setSent({ points: card.points, answerHeight: answer.current?.offsetHeight ?? 0 });
    const command: Command = {
      type: 'pay',
      customerId: card.customer.customerId,
      points,
      ...(note !== '' && { note }),
    };
    const outcome = await run(command);
    setSent(null);
    if (outcome) onDone(outcome, command);
  };

  return (
    <RecordDialog
      name="pay"
      title={t('pay.title')}
      size={440}
      customer={card.customer}
      error={null}
      isPending={isPending}
      canSubmit={isValid}
      submitLabel={isValid ? t('pay.submitPoints', { points: formatNumber(points) }) : t('pay.submit')}
      onSubmit={() => void submit()}
      onClose={close}
    >
      <div className={classes.amountRow}>
        <TextInput
          data-autofocus
          data-testid="pay-points"
          className={classes.amount}
          label={t('pay.points')}
          inputMode="numeric"
          autoComplete="off"
          rightSection={<span className={classes.inputUnit}>P</span>}
          readOnly={sent !== null}
          value={text}
          onChange={(event) => {
            setText(event.currentTarget.value);
            if (error) reset();
          }}
          error={problem}
        />
        <Button
          variant="default"
          className={classes.besideInput}
          data-testid="pay-all"
          disabled={payableHere <= 0}
          onClick={() => !sent && setText(String(payableHere))}
        >
          {t('pay.all')}
        </Button>
      </div>
      <NoteField
        testid="pay-note"
        label={t('pay.note')}
        placeholder={t('pay.notePlaceholder')}
        value={note}
        onChange={setNote}
      />
      <dl className={classes.sum}>
        <div>
          <dt>{t('pay.payable')}</dt>
          <dd data-testid="pay-payable">
            <Points value={payableHere} />
          </dd>
        </div>
        {payableHere !== balance && (
          <div>
            <dt>{t('pay.balance')}</dt>
            <dd>
              <Points value={balance} />
            </dd>
          </div>
        )}
        <div data-total>
          <dt>{t('pay.remaining')}</dt>
          <dd data-testid="pay-remaining">{isValid ? <Points value={balance - points} /> : '–'}</dd>
        </div>
      </dl>
      <div ref={answer} className={classes.answer} style={{ minHeight: sent?.answerHeight }}>
        {error && <ErrorNotice error={error} />}
        {!error && (
          <PointsElsewhere name="pay" points={shown} wanted={isValid ? points : 0} isAsking={isPending} />
        )}
      </div>
    </RecordDialog>
  );
}
