import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useCallback, useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { asAppError, type PrinterView, type SlipInput, useBackend } from '../../backend';
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

/** Returns a function that hands a slip over to the printer. It says when that fails, and stops nobody's work. */
export function usePrint(): (slip: SlipInput, isReprint?: boolean) => Promise<void> {
  const { t } = useTranslation('printing');
  const backend = useBackend();
  const client = useQueryClient();
  const say = useSay();
  const errorWords = useErrorWords();
  return useCallback(
    async (slip, isReprint = false) => {
      try {
        client.setQueryData(PRINTER_KEY, await backend.printSlip({ slip, reprint: isReprint }));
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

/** Follows the printer, and says when a slip fails. Used only once, by the window's frame. */
export function usePrinterFeed(): void {
  const { t } = useTranslation('printing');
  const backend = useBackend();
  const client = useQueryClient();
  const say = useSay();
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
    for (const { id, kind, fault } of failed) {
      if (fault !== null && !before.has(id))
        say(t('failed', { slip: t(`slip.${kind}`), why: t(`fault.${fault}`) }), 'warn');
    }
    said.current = new Set(failed.map(({ id }) => id));
  }, [data, say, t]);
}
