import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useCallback, useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { asAppError, type PrinterView, type SlipInput, useBackend, type WaitingSlip } from '../../backend';
import { useErrorWords } from '../errors';
import { useSay } from '../notes';

export const PRINTER_KEY = ['printer'] as const;

/** This terminal's printer, and the slips that aren't on paper yet. */
export function usePrinter() {
  const backend = useBackend();
  return useQuery({ queryKey: PRINTER_KEY, queryFn: () => backend.printer() });
}

/** Whether this terminal has a printer. */
export const useHasPrinter = (): boolean => (usePrinter().data?.setting.place.type ?? 'none') !== 'none';

/** The same slip asked for again within this time is a double click, or a key that is held. */
const SECOND_PRESS_MS = 1_000;

/**
 * Returns a function that hands a slip over to the printer. It says when that fails, and stops nobody's work. A double click
 * prints once.
 */
export function usePrint(): (slip: SlipInput) => Promise<void> {
  const { t } = useTranslation('printing');
  const backend = useBackend();
  const client = useQueryClient();
  const say = useSay();
  const errorWords = useErrorWords();
  const last = useRef<{ slip: string; at: number } | null>(null);
  return useCallback(
    async (slip) => {
      const asked = { slip: JSON.stringify(slip), at: performance.now() };
      const before = last.current;
      last.current = asked;
      if (before?.slip === asked.slip && asked.at - before.at < SECOND_PRESS_MS) return;
      try {
        client.setQueryData(PRINTER_KEY, await backend.printSlip(slip));
        say(t('handed', { slip: t(`slip.${slip.type}`) }));
      } catch (thrown) {
        const { title, advice } = errorWords(asAppError(thrown));
        say(`${title} ${advice}`, 'warn');
      }
    },
    [backend, client, say, t, errorWords],
  );
}

const failedOf = (view: PrinterView | undefined) => view?.waiting.filter(({ fault }) => fault !== null) ?? [];

/** Returns a function that words why a slip failed and what to do about it; null of one that hasn't failed. */
export function useFaultWords(): (slip: WaitingSlip) => string | null {
  const { t } = useTranslation('printing');
  return useCallback(
    ({ fault, partly }) => {
      if (fault === null) return null;
      // A printer that didn't confirm the slip may have printed all of it.
      const paper = partly && fault !== 'unconfirmed' ? [t('partly')] : [];
      return [t(`fault.${fault}`), ...paper].join(' ');
    },
    [t],
  );
}

/** Returns a function that says that a slip failed, and why; nothing of one that waits. */
export function useSayFailed(): (slip: WaitingSlip) => void {
  const { t } = useTranslation('printing');
  const say = useSay();
  const faultWords = useFaultWords();
  return useCallback(
    (slip) => {
      const why = faultWords(slip);
      if (why !== null) say(t('failed', { slip: t(`slip.${slip.kind}`), why }), 'warn');
    },
    [say, t, faultWords],
  );
}

/** Follows the printer, and says when a slip fails. Used only once, by the window's frame. */
export function usePrinterFeed(): void {
  const backend = useBackend();
  const client = useQueryClient();
  const sayFailed = useSayFailed();
  const { data } = usePrinter();
  const said = useRef<Set<number> | null>(null);
  useEffect(
    () => backend.onPrinter(() => void client.invalidateQueries({ queryKey: PRINTER_KEY })),
    [backend, client],
  );
  useEffect(() => {
    if (!data) return;
    const failed = failedOf(data);
    // What had failed before the screens were loaded is shown in the list only.
    const before = said.current ?? new Set(failed.map(({ id }) => id));
    for (const slip of failed) if (!before.has(slip.id)) sayFailed(slip);
    said.current = new Set(failed.map(({ id }) => id));
  }, [data, sayFailed]);
}
