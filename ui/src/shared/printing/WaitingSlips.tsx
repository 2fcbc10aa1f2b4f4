import { Button } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { Hourglass, TriangleAlert } from 'lucide-react';
import { type MouseEvent, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { type PrinterView, useBackend, type WaitingSlip } from '../../backend';
import { useNavigation } from '../navigation';
import { ErrorNotice } from '../parts';
import { formatClock } from '../time';
import { useAttempt } from '../useAttempt';
import { PRINTER_KEY, useFaultWords, usePrinter, useSayFailed } from './usePrinter';
import classes from './WaitingSlips.module.css';

/** The desk shows this many; the other ones are on the screen of receipts. */
const DESK_SHOWN = 2;

/** A click on another slip within this time was meant for the slip that stood there before. */
const SECOND_CLICK_MS = 1_000;

/** The slips that aren't on paper yet: failed ones are printed again or discarded. */
export function WaitingSlips() {
  const { t } = useTranslation('printing');
  const { data, error, refetch } = usePrinter();
  if (error) return <ErrorNotice error={error} onRetry={() => void refetch()} />;
  if (!data || data.waiting.length === 0) return null;
  return (
    <section className={classes.waiting} aria-label={t('waiting.title')} data-testid="slips-waiting">
      <h2>{t('waiting.title')}</h2>
      <Slips slips={data.waiting} />
    </section>
  );
}

/** The slips that failed, for the desk: the newest ones. */
export function FailedSlips() {
  const { t } = useTranslation('printing');
  const { go } = useNavigation();
  const failed = usePrinter().data?.waiting.filter(({ fault }) => fault !== null) ?? [];
  if (failed.length === 0) return null;
  const others = failed.length - DESK_SHOWN;
  return (
    <section className={classes.failed} aria-label={t('waiting.failed')} data-testid="slips-failed">
      <Slips slips={failed.slice(-DESK_SHOWN)} />
      {others > 0 && (
        <Button size="xs" variant="subtle" data-testid="slips-others" onClick={() => go('receipts')}>
          {t('waiting.others', { value: others })}
        </Button>
      )}
    </section>
  );
}

function Slips({ slips }: { slips: WaitingSlip[] }) {
  const backend = useBackend();
  const client = useQueryClient();
  const sayFailed = useSayFailed();
  const { error, attempt } = useAttempt();
  const lastClick = useRef<{ id: number; at: number } | null>(null);
  /** Whether a click is meant for this slip: by the second of a double click, it may have moved under the pointer. */
  const isMeant = (id: number, { timeStamp: at }: MouseEvent) => {
    const before = lastClick.current;
    if (before && before.id !== id && at - before.at < SECOND_CLICK_MS) return false;
    lastClick.current = { id, at };
    return true;
  };
  const change = (ask: () => Promise<PrinterView>, onDone?: (view: PrinterView) => void) =>
    void attempt(async () => {
      const view = await ask();
      client.setQueryData(PRINTER_KEY, view);
      onDone?.(view);
    });
  const again = (id: number) =>
    change(
      () => backend.retrySlip(id),
      ({ waiting }) => {
        // Otherwise nobody would see that it was tried: it looks as before.
        const slip = waiting.find((one) => one.id === id);
        if (slip) sayFailed(slip);
      },
    );
  return (
    <>
      <ul>
        {slips.map((slip) => (
          <SlipLine
            key={slip.id}
            slip={slip}
            onAgain={(event) => isMeant(slip.id, event) && again(slip.id)}
            onDiscard={(event) => isMeant(slip.id, event) && change(() => backend.discardSlip(slip.id))}
          />
        ))}
      </ul>
      {error && <ErrorNotice error={error} />}
    </>
  );
}

interface LineProps {
  slip: WaitingSlip;
  onAgain: (event: MouseEvent) => void;
  onDiscard: (event: MouseEvent) => void;
}

function SlipLine({ slip, onAgain, onDiscard }: LineProps) {
  const { t } = useTranslation('printing');
  const faultWords = useFaultWords();
  const { kind, whose, at, sending, fault } = slip;
  const Icon = fault === null ? Hourglass : TriangleAlert;
  const what = [t(`slip.${kind}`), whose, formatClock(at)].filter(Boolean).join(' · ');
  return (
    <li data-fault={fault ?? undefined}>
      <Icon size={16} strokeWidth={1.75} aria-hidden />
      <span className={classes.what}>
        <b>{what}</b>
        <span>{faultWords(slip) ?? t(sending ? 'waiting.sending' : 'waiting.queued')}</span>
      </span>
      {fault !== null && (
        <Button
          size="xs"
          variant="default"
          aria-label={t('waiting.againOf', { what })}
          data-testid="slip-again"
          onClick={onAgain}
        >
          {t('waiting.again')}
        </Button>
      )}
      {!sending && (
        <Button
          size="xs"
          variant="subtle"
          aria-label={t('waiting.discardOf', { what })}
          data-testid="slip-discard"
          onClick={onDiscard}
        >
          {t('waiting.discard')}
        </Button>
      )}
    </li>
  );
}
