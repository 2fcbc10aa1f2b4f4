import '@mantine/charts/styles.css';
import { BarChart, MatrixChart } from '@mantine/charts';
import { formatNumber } from '../../shared/format';
import { useLanguage } from '../../shared/preferences';

interface TrendChartProps {
  /** The names are the keys of the data. */
  series: { name: string; color: string }[];
  data: Record<string, string | number>[];
}

/** Bars beside each other for each part of a period. */
export function TrendChart({ series, data }: TrendChartProps) {
  const language = useLanguage();
  const compact = new Intl.NumberFormat(language, { notation: 'compact' });
  return (
    <BarChart
      h="100%"
      data={data}
      dataKey="label"
      series={series}
      withLegend
      legendProps={{ verticalAlign: 'top', height: 32, itemSorter: null }}
      valueFormatter={formatNumber}
      maxBarWidth={28}
      textColor="var(--text2)"
      gridColor="var(--line)"
      cursorFill="var(--hover)"
      tickLine="none"
      // The table beneath is for the keyboard and for screen readers.
      accessibilityLayer={false}
      xAxisProps={{ minTickGap: 12 }}
      yAxisProps={{
        width: 56,
        allowDecimals: false,
        tickFormatter: (value: number) => compact.format(value),
      }}
      barProps={{ isAnimationActive: false }}
    />
  );
}

export interface HeatCell {
  /** The hour. */
  x: string;
  y: string;
  value: number;
}

interface HeatMapProps {
  cells: HeatCell[];
  cellSize: number;
  /** What a cell says, in words. */
  label: (cell: HeatCell) => string;
}

/** Space between cells, in px. */
export const CELL_GAP = 2;
const HEAT = ['var(--heat-1)', 'var(--heat-2)', 'var(--heat-3)', 'var(--heat-4)'];

/** A cell for each hour and area; the fuller, the darker. */
export function HeatMap({ cells, cellSize, label }: HeatMapProps) {
  const labelOf = (cell: { x: string; y: string; value: number | null }) =>
    label({ ...cell, value: cell.value ?? 0 });
  return (
    <MatrixChart
      data={cells.map((cell) => ({ ...cell, value: cell.value === 0 ? null : cell.value }))}
      xLabels={[...new Set(cells.map(({ x }) => x))]}
      yLabels={[...new Set(cells.map(({ y }) => y))]}
      colors={HEAT}
      emptyColor="var(--sunken)"
      cellSize={cellSize}
      gap={CELL_GAP}
      withTooltip
      getTooltipLabel={labelOf}
      getCellProps={(cell) => ({ role: 'img', 'aria-label': labelOf(cell) })}
    />
  );
}
