import { Button } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { Hourglass, TriangleAlert } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { type PrinterView, useBackend } from '../../backend';
import { ErrorNotice } from '../parts';
import { useAttempt } from '../useAttempt';
import { PRINTER_KEY, usePrinter } from './usePrinter';
import classes from './WaitingSlips.module.css';

/** The slips that aren't on paper yet: failed ones are printed again or discarded. */
export function WaitingSlips() {
  const { t } = useTranslation('printing');
  const backend = useBackend();
  const client = useQueryClient();
  const { data, error, refetch } = usePrinter();
  const { error: refused, attempt } = useAttempt();
  const change = (ask: () => Promise<PrinterView>) =>
    void attempt(async () => {
      client.setQueryData(PRINTER_KEY, await ask());
    });
  if (error) return <ErrorNotice error={error} onRetry={() => void refetch()} />;
  if (!data || data.waiting.length === 0) return null;
  return (
    <section className={classes.waiting} aria-label={t('waiting.title')} data-testid="slips-waiting">
      <h2>{t('waiting.title')}</h2>
      <ul>
        {data.waiting.map(({ id, kind, fault }) => {
          const Icon = fault === null ? Hourglass : TriangleAlert;
          return (
            <li key={id} data-fault={fault ?? undefined}>
              <Icon size={16} strokeWidth={1.75} aria-hidden />
              <span className={classes.what}>
                <b>{t(`slip.${kind}`)}</b>
                <span>{fault === null ? t('waiting.sending') : t(`fault.${fault}`)}</span>
              </span>
              {fault !== null && (
                <Button
                  size="xs"
                  variant="default"
                  data-testid="slip-again"
                  onClick={() => change(() => backend.retrySlip(id))}
                >
                  {t('waiting.again')}
                </Button>
              )}
              <Button
                size="xs"
                variant="subtle"
                data-testid="slip-discard"
                onClick={() => change(() => backend.discardSlip(id))}
              >
                {t('waiting.discard')}
              </Button>
            </li>
          );
        })}
      </ul>
      {refused && <ErrorNotice error={refused} />}
    </section>
  );
}
