import { Button, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { CustomerCard, Outcome } from '../../../backend';
import { useAction } from '../../../shared/data/useAction';
import { formatNumber, parseWhole } from '../../../shared/format';
import { Points } from '../../../shared/parts';
import classes from './dialogs.module.css';
import { NoteField, RecordDialog } from './RecordDialog';

interface Props {
  card: CustomerCard;
  onClose: () => void;
  onDone: (outcome: Outcome) => void;
}

/** An amount, Enter, paid. What can be paid here and what remains stand beside it. */
export function PayDialog({ card, onClose, onDone }: Props) {
  const { t } = useTranslation('desk');
  const { run, isPending, error, reset } = useAction();
  const [text, setText] = useState('');
  const [note, setNote] = useState('');
  const { balance, payableHere } = card.points;
  const points = parseWhole(text);
  const isValid = points !== null && points > 0 && points <= balance;

  const problem =
    text === '' || isValid
      ? null
      : points === null || points === 0
        ? t('pay.whole')
        : t('pay.tooMuch', { balance: formatNumber(balance) });
  const caution =
    isValid && points > payableHere ? t('pay.beyondHere', { points: formatNumber(payableHere) }) : null;

  const submit = async () => {
    if (!isValid) return;
    const outcome = await run({
      type: 'pay',
      customerId: card.customer.customerId,
      points,
      ...(note !== '' && { note }),
    });
    if (outcome) onDone(outcome);
  };

  return (
    <RecordDialog
      name="pay"
      title={t('pay.title')}
      size={440}
      customer={card.customer}
      error={error}
      isPending={isPending}
      canSubmit={isValid}
      submitLabel={isValid ? t('pay.submitPoints', { points: formatNumber(points) }) : t('pay.submit')}
      onSubmit={() => void submit()}
      onClose={onClose}
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
          onClick={() => setText(String(payableHere))}
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
      {caution && !error && <p className={classes.caution}>{caution}</p>}
    </RecordDialog>
  );
}
