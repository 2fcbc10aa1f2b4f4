import { ActionIcon, Button, Skeleton } from '@mantine/core';
import { ChevronLeft, ChevronRight, Download, Printer } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useBackend } from '../../backend';
import { FigureTable } from '../../shared/figures';
import { useJobs } from '../../shared/jobs';
import { Delayed, ErrorNotice, Kbd } from '../../shared/parts';
import { useLanguage } from '../../shared/preferences';
import { addDays, formatIsoDate, formatMoment, formatWeekday, startOfDay, useNow } from '../../shared/time';
import { useAttempt } from '../../shared/useAttempt';
import { CloseDayDialog } from './CloseDayDialog';
import classes from './Day.module.css';
import { DayNow } from './DayNow';
import { SinceClose } from './SinceClose';
import { useDay } from './useDay';

/** The day (하루 마감): its figures at this terminal and in the facility, and its closes. */
export function DayScreen() {
  const { t } = useTranslation('day');
  const backend = useBackend();
  const language = useLanguage();
  const { track } = useJobs();
  const today = formatIsoDate(useNow());
  const [chosen, setChosen] = useState<string | null>(null);
  // The day that is being closed: midnight may pass while the dialog is open.
  const [closing, setClosing] = useState<string | null>(null);
  const day = chosen ?? today;
  const { data, error, isFetching, refetch } = useDay(day);
  const exporting = useAttempt();
  const close = data?.closes[0];
  const choose = (other: string) => setChosen(other === today ? null : other);
  const print = () => {
    window.print();
    const named = new Set(data?.since?.facts.map(({ entry }) => entry.customer.customerId));
    void backend.notePrinted({ count: named.size }).catch(() => {});
  };
  return (
    <div className={classes.screen} data-testid="day-screen" aria-busy={isFetching}>
      <div className={classes.sheet}>
        <header className={classes.head}>
          <div className={classes.headText}>
            <h1 className={classes.title}>{t('title')}</h1>
            <p role="status" data-testid="day-status">
              {close
                ? t('closed', {
                    number: close.number,
                    time: formatMoment(close.closedAt, language),
                    by: close.by ?? t('nobody'),
                  })
                : data && t('notClosed')}
            </p>
          </div>
          <div className={classes.days} role="group" aria-label={t('day')}>
            <ActionIcon
              size={36}
              variant="default"
              aria-label={t('earlier')}
              data-testid="day-earlier"
              onClick={() => choose(addDays(day, -1))}
            >
              <ChevronLeft size={18} strokeWidth={1.75} />
            </ActionIcon>
            <b data-testid="day-shown">{formatWeekday(startOfDay(day), language)}</b>
            <ActionIcon
              size={36}
              variant="default"
              aria-label={t('later')}
              data-testid="day-later"
              disabled={day >= today}
              onClick={() => choose(addDays(day, 1))}
            >
              <ChevronRight size={18} strokeWidth={1.75} />
            </ActionIcon>
            {day !== today && (
              <Button size="md" variant="default" data-testid="day-today" onClick={() => setChosen(null)}>
                {t('today')}
              </Button>
            )}
          </div>
        </header>
        {error && <ErrorNotice error={error} onRetry={() => void refetch()} />}
        {exporting.error && <ErrorNotice error={exporting.error} />}
        {!data && !error && (
          <Delayed>
            <Skeleton height={220} />
          </Delayed>
        )}
        {data && (
          <>
            <div className={classes.actions}>
              <Button
                size="md"
                autoFocus
                data-autofocus
                data-testid="day-close"
                rightSection={<Kbd on="accent">Enter</Kbd>}
                onClick={() => setClosing(day)}
              >
                {close ? t('closeAgain') : t('close')}
              </Button>
              <Button
                size="md"
                variant="default"
                leftSection={<Printer size={16} strokeWidth={1.75} />}
                data-testid="day-print"
                onClick={print}
              >
                {t('print')}
              </Button>
              <Button
                size="md"
                variant="default"
                leftSection={<Download size={16} strokeWidth={1.75} />}
                data-testid="day-export"
                onClick={() => void exporting.attempt(async () => track(await backend.exportDay(day)))}
              >
                {t('export')}
              </Button>
            </div>
            {data.since && <SinceClose since={data.since} />}
            <FigureTable lines={(close?.report ?? data.report).lines} caption={t('title')} />
            <DayNow report={close?.report ?? data.report} isClosed={close !== undefined} />
          </>
        )}
        {closing !== null && (
          <CloseDayDialog day={closing} isToday={closing === today} onClose={() => setClosing(null)} />
        )}
      </div>
    </div>
  );
}
