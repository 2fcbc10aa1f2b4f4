import { clamp } from '@mantine/hooks';
import { type KeyboardEvent, type PointerEvent, useId, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Chart, ChartPoint } from '../../../backend';
import { useContentSize } from '../../../shared/contentSize';
import { useNow } from '../../../shared/time';
import { chartGeometry, chartHeight, nearestPoint } from './geometry';
import classes from './HistoryChart.module.css';
import { Legend } from './Legend';
import { PenaltyStrip } from './PenaltyStrip';
import { Readout } from './Readout';
import { useChartWords } from './words';

interface HistoryChartProps {
  chart: Chart;
  levels: { warnAt: number; prohibitAt: number };
}

const BALANCE_HEIGHT = 144;
const PENALTY_HEIGHT = 52;

/** A chart of the balance as a step line, with the outstanding penalty below on the same time axis. */
export function HistoryChart({ chart, levels }: HistoryChartProps) {
  const { t } = useTranslation('mypage');
  const words = useChartWords();
  const now = useNow();
  const { ref, width } = useContentSize();
  const [chosen, setChosen] = useState<number | null>(null);
  const clip = useId();
  const size = { width: width || 1152, balanceHeight: BALANCE_HEIGHT, penaltyHeight: PENALTY_HEIGHT };
  const geometry = useMemo(
    () =>
      // The chart ends at the present time if the range ends later.
      chartGeometry({ ...chart, to: clamp(now, chart.from, chart.to) }, levels, {
        width: width || 1152,
        balanceHeight: BALANCE_HEIGHT,
        penaltyHeight: PENALTY_HEIGHT,
      }),
    [chart, levels, width, now],
  );
  const { plot, x, yBalance } = geometry;
  const last = chart.points.length - 1;
  const index = chosen === null ? null : Math.min(chosen, last);
  const point: ChartPoint | undefined = index === null ? undefined : chart.points[index];

  const onPointerMove = (event: PointerEvent<SVGSVGElement>) => {
    const box = event.currentTarget.getBoundingClientRect();
    const found = nearestPoint(chart.points, x.invert(event.clientX - box.left));
    setChosen(found < 0 ? null : found);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const at = index ?? last + 1;
    const page = Math.max(1, Math.round(chart.points.length / 10));
    const target: Record<string, number> = {
      ArrowLeft: at - 1,
      ArrowDown: at - 1,
      ArrowRight: at + 1,
      ArrowUp: at + 1,
      PageDown: at - page,
      PageUp: at + page,
      Home: 0,
      End: last,
    };
    if (event.key === 'Escape' && chosen !== null) {
      event.stopPropagation();
      setChosen(null);
      return;
    }
    const next = target[event.key];
    if (next === undefined || last < 0) return;
    event.preventDefault();
    setChosen(clamp(next, 0, last));
  };

  return (
    <section className={classes.chart} data-testid="mypage-chart">
      <header className={classes.head}>
        <h2>{t('chart.title')}</h2>
        <Legend />
      </header>
      <div
        ref={ref}
        className={classes.frame}
        tabIndex={0}
        role="slider"
        aria-label={t('chart.label')}
        aria-valuemin={0}
        aria-valuemax={Math.max(last, 0)}
        aria-valuenow={index ?? Math.max(last, 0)}
        aria-valuetext={point ? words.readout(point) : t('chart.empty')}
        onKeyDown={onKeyDown}
        onBlur={() => setChosen(null)}
      >
        <svg
          className={classes.svg}
          width={size.width}
          height={chartHeight(size)}
          onPointerMove={onPointerMove}
          onPointerLeave={() => setChosen(null)}
          aria-hidden="true"
        >
          <clipPath id={clip}>
            <rect x={plot.left} y={0} width={plot.right - plot.left} height={plot.stripBottom + 1} />
          </clipPath>
          {geometry.prohibited.map((span) => (
            <g key={span.from}>
              <rect
                className={classes.prohibited}
                x={span.x}
                y={plot.top - 4}
                width={span.width}
                height={plot.stripBottom - plot.top + 4}
              />
              <line
                className={classes.prohibitedEdge}
                x1={span.x}
                x2={span.x}
                y1={plot.top - 4}
                y2={plot.stripBottom}
              />
            </g>
          ))}
          {geometry.balanceTicks.map((tick) => (
            <g key={tick}>
              <line
                className={tick === 0 ? classes.zero : classes.grid}
                x1={plot.left}
                x2={plot.right}
                y1={yBalance(tick)}
                y2={yBalance(tick)}
              />
              <text className={classes.value} x={plot.left - 8} y={yBalance(tick) + 4}>
                {words.value(tick)}
              </text>
            </g>
          ))}
          {geometry.timeTicks.map((tick, at) => (
            <g key={tick.at}>
              <line
                className={classes.grid}
                x1={x(tick.at)}
                x2={x(tick.at)}
                y1={plot.top - 4}
                y2={plot.stripBottom}
              />
              {x(tick.at) < plot.right - 24 && (
                <text className={classes.time} x={x(tick.at) + 6} y={plot.stripBottom + 20}>
                  {words.tick(tick, at === 0)}
                </text>
              )}
            </g>
          ))}
          <g clipPath={`url(#${clip})`}>
            <path className={classes.area} d={geometry.balanceArea} />
            <path className={classes.balance} d={geometry.balanceLine} />
          </g>
          {geometry.prohibited.map((span) => {
            const label = words.span(span.from, span.to, now);
            return (
              <text
                key={span.from}
                className={classes.prohibitedText}
                x={span.label.x}
                y={span.label.y}
                textAnchor={span.label.anchor}
              >
                {geometry.prohibited.length <= 3 ? label : ''}
              </text>
            );
          })}
          {geometry.payments.map((mark) => (
            <circle
              key={`${mark.point.at}-${mark.x}`}
              className={classes.payment}
              cx={mark.x}
              cy={mark.y}
              r={4}
            />
          ))}
          <PenaltyStrip geometry={geometry} levels={levels} />
          <circle className={classes.end} cx={geometry.end.x} cy={geometry.end.y} r={4.5} />
          {point && <Readout geometry={geometry} point={point} />}
        </svg>
        {chart.points.length === 0 && <p className={classes.empty}>{t('chart.empty')}</p>}
        <p className="visually-hidden" aria-live="polite">
          {point ? words.readout(point) : ''}
        </p>
      </div>
    </section>
  );
}
