import { Button, Loader, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { CustomerCard, Outcome } from '../../../backend';
import { useSyncChip } from '../../../shared/data/sync';
import { useAction } from '../../../shared/data/useAction';
import { formatNumber, parseWhole } from '../../../shared/format';
import { Delayed, Points } from '../../../shared/parts';
import { useHolders } from '../useHolders';
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
  const holders = useHolders(card.points);
  const isOnline = useSyncChip().data?.state === 'online';
  const points = parseWhole(text);
  const isValid = points !== null && points > 0 && points <= balance;

  const problem =
    text === '' || isValid
      ? null
      : points === null || points === 0
        ? t('pay.whole')
        : t('pay.tooMuch', { balance: formatNumber(balance) });
  const isBeyond = isValid && points > payableHere;
  const here = { points: formatNumber(payableHere) };
  const caution = isBeyond && !isPending ? t(isOnline ? 'pay.willAsk' : 'pay.beyondHere', here) : null;
  // What is asked of another terminal may still be recorded: a dialog gone by then couldn't tell.
  const close = () => !isPending && onClose();

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
      {isBeyond && isPending && <Asking terminals={holders.map(({ terminal }) => terminal)} />}
      {caution && !error && (
        <div className={classes.caution} data-testid="pay-caution">
          <p>{caution}</p>
          {holders.slice(0, 3).map(({ key, text }) => (
            <p key={key}>{text}</p>
          ))}
        </div>
      )}
    </RecordDialog>
  );
}

/** The points come from another terminal, or don't: told once there is something to wait for. */
function Asking({ terminals }: { terminals: string[] }) {
  const { t } = useTranslation('desk');
  const { t: common } = useTranslation('common');
  return (
    <Delayed>
      <p className={classes.asking} role="status" data-testid="pay-asking">
        <Loader size={14} color="gray" />
        {terminals.length > 1
          ? t('pay.askingSeveral', { value: terminals.length })
          : t('pay.asking', { terminal: terminals[0] ?? common('otherTerminal') })}
      </p>
    </Delayed>
  );
}
