import { Select, Skeleton } from '@mantine/core';
import { type CSSProperties, lazy, Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { PeriodArea, PeriodReport } from '../../backend';
import { useContentSize } from '../../shared/contentSize';
import { formatNumber } from '../../shared/format';
import { Panel } from './Panel';
import { averageInside } from './period';
import classes from './Reports.module.css';

const HeatMap = lazy(() => import('./charts').then((charts) => ({ default: charts.HeatMap })));

const HOURS = 24;
const GAP = 2;
const [CELL_MIN, CELL_MAX] = [6, 32];
/** Hours that are written beneath the heat map. */
const HOURS_WRITTEN = [0, 6, 12, 18];

/** One digit after the point: fewer than one were inside in most hours. */
const oneDigit = (value: number) => value.toFixed(1);

/** How many were inside on average, by area and hour: a heat map, and tables with the same numbers. */
export function Occupancy({ report, onExport }: { report: PeriodReport; onExport: () => void }) {
  const { t } = useTranslation('reports');
  const { ref, width } = useContentSize();
  const [chosen, setChosen] = useState<string | null>(null);
  const { areas, days } = report;
  const area = areas.find(({ areaId }) => areaId === chosen);
  const nameOf = ({ name }: PeriodArea) => name ?? t('unknownArea');
  const size = Math.floor((width || 900) / HOURS) - GAP;
  const cellSize = Math.max(CELL_MIN, Math.min(CELL_MAX, size));
  const of = (one: PeriodArea, hour: number) => averageInside(one.insideMs[hour] ?? 0, days);
  const hours = Array.from({ length: HOURS }, (_, hour) => ({
    hour,
    average: (area ? [area] : areas).reduce((sum, one) => sum + of(one, hour), 0),
  }));
  const busiest = (one: PeriodArea) => {
    const most = Math.max(...one.insideMs);
    return most === 0 ? null : one.insideMs.indexOf(most);
  };
  return (
    <Panel title={t('occupancy')} note={t('note.occupancy')} name="occupancy" onExport={onExport}>
      <div className={classes.heat} style={{ '--row': `${cellSize + GAP}px` } as CSSProperties}>
        <ol aria-hidden="true">
          {areas.map((one) => (
            <li key={one.areaId} />
          ))}
        </ol>
        <div ref={ref} className={classes.heatMap}>
          <Suspense fallback={<Skeleton height={120} />}>
            <HeatMap
              cellSize={cellSize}
              cells={areas.flatMap((one) =>
                hours.map(({ hour }) => ({ x: String(hour), y: one.areaId, value: of(one, hour) })),
              )}
              label={({ x, y, value }) => {
                const found = areas.find(({ areaId }) => areaId === y);
                return t('cell', { area: found && nameOf(found), hour: x, value: oneDigit(value) });
              }}
            />
          </Suspense>
          <ul className={classes.heatHours} aria-hidden="true">
            {HOURS_WRITTEN.map((hour) => (
              <li key={hour}>{t('hour', { hour })}</li>
            ))}
          </ul>
        </div>
      </div>
      <table className={classes.table} data-testid="period-areas">
        <caption className="visually-hidden">{t('occupancy')}</caption>
        <thead>
          <tr>
            <th scope="col">{t('area')}</th>
            <th scope="col">{t('series.visits')}</th>
            <th scope="col">{t('busiest')}</th>
            <th scope="col">{t('average')}</th>
          </tr>
        </thead>
        <tbody>
          {areas.map((one, at) => {
            const hour = busiest(one);
            return (
              <tr key={one.areaId}>
                <th scope="row">
                  {at + 1}. {nameOf(one)}
                </th>
                <td>{formatNumber(one.visits)}</td>
                <td>{hour === null ? '–' : t('hour', { hour })}</td>
                <td>{hour === null ? '–' : oneDigit(of(one, hour))}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
      <Select
        className={classes.screenOnly}
        label={t('byHour')}
        maw={280}
        allowDeselect={false}
        value={area ? area.areaId : ''}
        onChange={(value) => setChosen(value || null)}
        data={[
          { value: '', label: t('allAreas') },
          ...areas.map((one) => ({ value: one.areaId, label: nameOf(one) })),
        ]}
        data-testid="period-area"
      />
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by the keyboard. */}
      <div className={classes.scroll} role="group" aria-label={t('byHour')} tabIndex={0}>
        <table className={classes.table} data-testid="period-hours">
          <caption className="visually-hidden">{t('byHour')}</caption>
          <thead>
            <tr>
              <th scope="col">{t('hourOfDay')}</th>
              <th scope="col">{t('average')}</th>
            </tr>
          </thead>
          <tbody>
            {hours.map(({ hour, average }) => (
              <tr key={hour} data-none={average === 0 || undefined}>
                <th scope="row">{t('hour', { hour })}</th>
                <td>{oneDigit(average)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Panel>
  );
}
