import { useTranslation } from 'react-i18next';
import { formatSigned } from '../../../shared/format';
import type { ChartGeometry, PenaltyMark } from './geometry';
import classes from './HistoryChart.module.css';

const diamond = (x: number, y: number, r: number) =>
  `M${x} ${y - r}L${x + r} ${y}L${x} ${y + r}L${x - r} ${y}Z`;

interface PenaltyStripProps {
  geometry: ChartGeometry;
  levels: { warnAt: number; prohibitAt: number };
}

/** The part of the chart with the outstanding penalty, and lines at the thresholds for a warning and a ban. */
export function PenaltyStrip({ geometry, levels }: PenaltyStripProps) {
  const { t } = useTranslation('mypage');
  const { plot, yPenalty } = geometry;
  const level = (
    value: number,
    line: string | undefined,
    text: string | undefined,
    label: string,
    shift: number,
  ) => (
    <>
      <line className={line} x1={plot.left} x2={plot.right} y1={yPenalty(value)} y2={yPenalty(value)} />
      <text className={text} x={plot.left - 8} y={yPenalty(value) + 4 + shift}>
        {label}
      </text>
    </>
  );
  // Moves the labels apart if the thresholds are so close that they would overlap.
  const apart = yPenalty(levels.warnAt) - yPenalty(levels.prohibitAt);
  const shift = Math.max(0, (15 - apart) / 2);
  const { warnAt, prohibitAt } = levels;
  return (
    <g>
      <line
        className={classes.zero}
        x1={plot.left}
        x2={plot.right}
        y1={plot.stripBottom}
        y2={plot.stripBottom}
      />
      {level(
        prohibitAt,
        classes.prohibitLine,
        classes.prohibitName,
        t('chart.prohibit', { points: prohibitAt }),
        -shift,
      )}
      {level(warnAt, classes.warnLine, classes.warnName, t('chart.warn', { points: warnAt }), shift)}
      <path className={classes.penalty} d={geometry.penaltyLine} />
      {geometry.penalties.map((mark) => (
        <Diamond key={`${mark.point.at}-${mark.point.penaltyPoints}-${mark.x}`} mark={mark} />
      ))}
    </g>
  );
}

function Diamond({ mark }: { mark: PenaltyMark }) {
  const imposed = mark.point.penaltyPoints > 0;
  return (
    <g>
      <path className={imposed ? classes.imposed : classes.deducted} d={diamond(mark.x, mark.y, 5)} />
      {mark.label && (
        <text
          className={imposed ? classes.imposedText : classes.deductedText}
          x={mark.label === 'right' ? mark.x + 9 : mark.x - 9}
          textAnchor={mark.label === 'right' ? 'start' : 'end'}
          y={mark.y - 5}
        >
          {formatSigned(mark.point.penaltyPoints)}
        </text>
      )}
    </g>
  );
}
