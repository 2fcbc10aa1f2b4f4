import { Skeleton } from '@mantine/core';
import { lazy, Suspense } from 'react';
import { useTranslation } from 'react-i18next';
import type { DayLine, PeriodPart, PeriodUnit } from '../../backend';
import { formatNumber } from '../../shared/format';
import { Panel } from './Panel';
import { figureOf, partLabel, TOPICS, type Topic } from './period';
import classes from './Reports.module.css';

// The charts are loaded with the first report: no other screen needs them.
const TrendChart = lazy(() => import('./charts').then((charts) => ({ default: charts.TrendChart })));

interface TrendProps {
  topic: Topic;
  parts: readonly PeriodPart[];
  /** The figures of the whole period. */
  lines: readonly DayLine[];
  unit: PeriodUnit;
}

/** Figures over time: a chart, and a table with the same numbers. */
export function Trend({ topic, parts, lines, unit }: TrendProps) {
  const { t } = useTranslation('reports');
  const series = TOPICS[topic];
  const title = t(`topic.${topic}`);
  const rows = parts.map((part) => ({
    part,
    label: partLabel(part, unit),
    values: series.map((one) => figureOf(part.lines, one)),
  }));
  return (
    <Panel title={title} note={t(`note.${topic}`)} name={topic}>
      <div className={classes.chart} aria-hidden="true">
        <Suspense fallback={<Skeleton height="100%" />}>
          <TrendChart
            series={series.map(({ name, color }) => ({ name: t(`series.${name}`), color }))}
            data={rows.map(({ label, values }) => ({
              label,
              ...Object.fromEntries(series.map(({ name }, at) => [t(`series.${name}`), values[at] ?? 0])),
            }))}
          />
        </Suspense>
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by the keyboard. */}
      <div className={classes.scroll} role="group" aria-label={title} tabIndex={0}>
        <table className={classes.table} data-testid={`period-table-${topic}`}>
          <caption className="visually-hidden">{title}</caption>
          <thead>
            <tr>
              <th scope="col">{t(`unit.${unit}`)}</th>
              {series.map(({ name }) => (
                <th key={name} scope="col">
                  {t(`series.${name}`)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map(({ part, label, values }) => (
              <tr key={part.from}>
                <th scope="row" title={`${part.from} – ${part.to}`}>
                  {label}
                </th>
                {series.map(({ name }, at) => (
                  <td key={name}>{formatNumber(values[at] ?? 0)}</td>
                ))}
              </tr>
            ))}
          </tbody>
          <tfoot>
            <tr data-testid={`period-total-${topic}`}>
              <th scope="row">{t('total')}</th>
              {series.map((one) => (
                <td key={one.name}>{formatNumber(figureOf(lines, one))}</td>
              ))}
            </tr>
          </tfoot>
        </table>
      </div>
    </Panel>
  );
}
