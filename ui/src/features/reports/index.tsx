import { Button, Skeleton } from '@mantine/core';
import { Printer } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type PeriodTable, type PeriodUnit, type TopBy, useBackend } from '../../backend';
import { FigureTable } from '../../shared/figures';
import { useJobs } from '../../shared/jobs';
import { useNavigation } from '../../shared/navigation';
import { Delayed, EmptyState, ErrorNotice } from '../../shared/parts';
import { useLanguage } from '../../shared/preferences';
import { formatMoment, useNow } from '../../shared/time';
import { useAttempt } from '../../shared/useAttempt';
import { Customers } from './Customers';
import { Occupancy } from './Occupancy';
import { Panel } from './Panel';
import { PeriodPicker } from './PeriodPicker';
import { type ChosenPeriod, periodOf, TOPICS, type Topic, unitFor } from './period';
import classes from './Reports.module.css';
import { Terminals } from './Terminals';
import { Trend } from './Trend';
import { usePeriod } from './usePeriod';

const TOPIC_NAMES = Object.keys(TOPICS) as Topic[];

/** The report of a period (기간 보고서). */
export function PeriodScreen() {
  const { t } = useTranslation('reports');
  const backend = useBackend();
  const language = useLanguage();
  const { track } = useJobs();
  const { go } = useNavigation();
  const [chosen, setChosen] = useState<ChosenPeriod>('month');
  const [unit, setUnit] = useState<PeriodUnit | null>(null);
  const [topBy, setTopBy] = useState<TopBy>('visits');
  const period = periodOf(chosen, useNow());
  const input = { ...period, unit: unit ?? unitFor(period), topBy };
  const { data, error, isFetching, refetch } = usePeriod(input);
  const exporting = useAttempt();
  const exportTable = (table: PeriodTable) =>
    void exporting.attempt(async () => track(await backend.exportPeriod({ period: input, table })));
  const print = () => {
    window.print();
    void backend.notePrinted({ count: data?.top.length ?? 0 }).catch(() => {});
  };
  const isEmpty = data?.lines.every(({ here, facility }) => (facility ?? here).count === 0) ?? false;
  return (
    <div className={classes.screen} data-testid="period-screen" aria-busy={isFetching}>
      <div className={classes.sheet}>
        <header className={classes.head}>
          <div className={classes.headText}>
            <h1 className={classes.title}>{t('title')}</h1>
            <p role="status" data-testid="period-status">
              {data &&
                t('asOf', {
                  ...{ from: data.from, to: data.to },
                  time: formatMoment(data.asOf, language),
                })}
            </p>
          </div>
          <Button
            size="md"
            variant="default"
            className={classes.screenOnly}
            leftSection={<Printer size={16} strokeWidth={1.75} />}
            disabled={!data}
            data-testid="period-print"
            onClick={print}
          >
            {t('print')}
          </Button>
        </header>
        <PeriodPicker
          {...{ chosen, period, unit: input.unit }}
          onPeriod={(next) => {
            setChosen(next);
            setUnit(null);
          }}
          onUnit={setUnit}
        />
        {error && <ErrorNotice error={error} onRetry={() => void refetch()} />}
        {exporting.error && <ErrorNotice error={exporting.error} />}
        {!data && !error && (
          <Delayed>
            <Skeleton height={320} />
          </Delayed>
        )}
        {data && isEmpty && (
          <EmptyState
            action={
              <Button size="md" onClick={() => (chosen === 'months12' ? go('desk') : setChosen('months12'))}>
                {t(chosen === 'months12' ? 'toDesk' : 'toYear')}
              </Button>
            }
          >
            {t('empty')}
          </EmptyState>
        )}
        {data && !isEmpty && (
          <>
            {TOPIC_NAMES.map((topic) => (
              <Trend key={topic} topic={topic} parts={data.parts} lines={data.lines} unit={input.unit} />
            ))}
            <Panel
              title={t('figures')}
              note={t('facilityNote')}
              name="figures"
              onExport={() => exportTable('figures')}
            >
              <FigureTable lines={data.lines} caption={t('figures')} />
            </Panel>
            <Occupancy report={data} onExport={() => exportTable('occupancy')} />
            <Customers top={data.top} by={topBy} onBy={setTopBy} onExport={() => exportTable('customers')} />
          </>
        )}
        {data && <Terminals report={data} onExport={() => exportTable('terminals')} />}
      </div>
    </div>
  );
}
