import { useTranslation } from 'react-i18next';
import type { ChartPoint } from '../../../backend';
import { formatNumber } from '../../../shared/format';
import type { ChartGeometry } from './geometry';
import classes from './HistoryChart.module.css';
import { useChartWords } from './words';

const WIDTH = 208;
const HEIGHT = 64;

/** A tooltip for the selected point of the chart: the entry, and the balance and penalty after the entry. */
export function Readout({ geometry, point }: { geometry: ChartGeometry; point: ChartPoint }) {
  const { t } = useTranslation('mypage');
  const words = useChartWords();
  const { plot, x, yBalance, yPenalty } = geometry;
  const at = x(point.at);
  const left = at + 12 + WIDTH < plot.right ? at + 12 : at - 12 - WIDTH;
  const top = plot.top + 4;
  return (
    <g className={classes.readout} data-testid="mypage-chart-readout">
      <line className={classes.cursor} x1={at} x2={at} y1={plot.top - 4} y2={plot.stripBottom} />
      <circle className={classes.cursorDot} cx={at} cy={yBalance(point.balance)} r={4} />
      <circle className={classes.cursorDot} cx={at} cy={yPenalty(point.outstanding)} r={3} />
      <rect className={classes.card} x={left} y={top} width={WIDTH} height={HEIGHT} rx={6} />
      <text className={classes.cardWhen} x={left + 12} y={top + 20}>
        {words.when(point)}
      </text>
      <text className={classes.cardWhat} x={left + 12} y={top + 37}>
        {words.what(point)}
      </text>
      <text className={classes.cardWhen} x={left + 12} y={top + 54}>
        {t('chart.after', {
          balance: formatNumber(point.balance),
          outstanding: formatNumber(point.outstanding),
        })}
      </text>
    </g>
  );
}
