import type { Chart, ChartPoint } from '../../../backend';
import { DAY_MS } from '../../../shared/time';
import { linear, type Scale, valueTicks } from './scale';
import { type TimeTick, timeTicks } from './timeTicks';

export interface ChartSize {
  width: number;
  /** Height of the balance panel. */
  balanceHeight: number;
  /** Height of the penalty strip below the balance panel. */
  penaltyHeight: number;
}

export interface Mark {
  x: number;
  y: number;
  point: ChartPoint;
}

export interface PenaltyMark extends Mark {
  /** The side of the mark with room for a label such as `+10`; null if neither has room. */
  label: 'left' | 'right' | null;
}

export interface Span {
  from: number;
  /** The end of the ban; null if it is still in force. */
  to: number | null;
  x: number;
  width: number;
  label: SpanLabel;
}

/** Where the text of a ban stands: beside it, and away from the line of the balance where there is room. */
export interface SpanLabel {
  x: number;
  y: number;
  anchor: 'start' | 'end';
}

export interface ChartGeometry {
  plot: {
    left: number;
    right: number;
    top: number;
    balanceBottom: number;
    stripTop: number;
    stripBottom: number;
  };
  x: Scale;
  yBalance: Scale;
  yPenalty: Scale;
  balanceTicks: number[];
  timeTicks: TimeTick[];
  balanceLine: string;
  balanceArea: string;
  penaltyLine: string;
  payments: Mark[];
  penalties: PenaltyMark[];
  prohibited: Span[];
  end: { x: number; y: number };
}

const MARGIN = { left: 56, right: 12, top: 10, gap: 24, foot: 28 } as const;
const PAYMENT_SPACING = 7;
const SPAN_LABEL = { width: 152, height: 20, gap: 8 };
const LABEL_SPACING = 36;

/** Places labels beside marks, so that they overlap neither marks, nor other labels, nor the chart's edge. */
function withLabels(marks: Mark[], right: number): PenaltyMark[] {
  let taken = Number.NEGATIVE_INFINITY;
  return marks.map((mark, index) => {
    const next = marks[index + 1]?.x ?? right;
    const isFree = { right: next - mark.x >= LABEL_SPACING, left: mark.x - taken >= LABEL_SPACING };
    const label = isFree.right ? 'right' : isFree.left ? 'left' : null;
    taken = label === 'right' ? mark.x + LABEL_SPACING : mark.x;
    return { ...mark, label };
  });
}

export function chartHeight(size: ChartSize): number {
  return MARGIN.top + size.balanceHeight + MARGIN.gap + size.penaltyHeight + MARGIN.foot;
}

const px = (value: number) => Math.round(value * 10) / 10;

/** An SVG path of a step line: each value holds until the next point. */
function stepLine(
  x: Scale,
  y: Scale,
  opening: number,
  points: readonly ChartPoint[],
  value: (p: ChartPoint) => number,
) {
  let path = `M${px(x.range0)} ${px(y(opening))}`;
  let last = opening;
  for (const point of points) {
    const next = value(point);
    if (next === last) continue;
    path += `H${px(x(point.at))}V${px(y(next))}`;
    last = next;
  }
  return { path: `${path}H${px(x.range1)}`, last };
}

/** Periods in which the outstanding penalty was at or above the threshold for a ban. */
export function prohibitedSpans(chart: Chart, prohibitAt: number): { from: number; to: number | null }[] {
  const spans: { from: number; to: number | null }[] = [];
  let since: number | null = chart.openingOutstanding >= prohibitAt ? chart.from : null;
  for (const point of chart.points) {
    const banned = point.outstanding >= prohibitAt;
    if (banned && since === null) since = point.at;
    if (!banned && since !== null) {
      spans.push({ from: since, to: point.at });
      since = null;
    }
  }
  if (since !== null) spans.push({ from: since, to: null });
  return spans;
}

/** Places a ban's text at the foot of the balance panel, or at its top if the balance is drawn only at the foot. */
function spanLabel(
  { x, width }: Pick<Span, 'x' | 'width'>,
  {
    left,
    right,
    top,
    balanceBottom,
  }: Pick<ChartGeometry['plot'], 'left' | 'right' | 'top' | 'balanceBottom'>,
  balanceIn: (from: number, to: number) => number[],
): SpanLabel {
  const isRight = x + width + SPAN_LABEL.width + SPAN_LABEL.gap < right;
  const at = isRight ? x + width + SPAN_LABEL.gap : x - SPAN_LABEL.gap;
  const from = Math.max(left, isRight ? at : at - SPAN_LABEL.width);
  const drawn = balanceIn(from, from + SPAN_LABEL.width);
  const [high, low] = [Math.min(...drawn), Math.max(...drawn)];
  const isFootFree = low <= balanceBottom - SPAN_LABEL.height - 4 || high >= balanceBottom;
  const isTopFree = high >= top + SPAN_LABEL.height;
  const y = !isFootFree && isTopFree ? top + 12 : balanceBottom - 10;
  return { x: at, y, anchor: isRight ? 'start' : 'end' };
}

export function chartGeometry(
  chart: Chart,
  levels: { warnAt: number; prohibitAt: number },
  size: ChartSize,
): ChartGeometry {
  const left = MARGIN.left;
  const right = Math.max(size.width - MARGIN.right, left + 1);
  const top = MARGIN.top;
  const balanceBottom = top + size.balanceHeight;
  const stripTop = balanceBottom + MARGIN.gap;
  const stripBottom = stripTop + size.penaltyHeight;
  const to = chart.to > chart.from ? chart.to : chart.from + DAY_MS;

  let low = Math.min(0, chart.openingBalance);
  let high = Math.max(0, chart.openingBalance);
  let most = Math.max(levels.prohibitAt, chart.openingOutstanding);
  for (const point of chart.points) {
    if (point.balance < low) low = point.balance;
    if (point.balance > high) high = point.balance;
    if (point.outstanding > most) most = point.outstanding;
  }
  const balanceTicks = valueTicks(low, high, 3);
  const x = linear([chart.from, to], [left, right]);
  const yBalance = linear([balanceTicks[0] ?? 0, balanceTicks.at(-1) ?? 1], [balanceBottom, top]);
  const yPenalty = linear([0, most * 1.08], [stripBottom, stripTop]);

  const balance = stepLine(x, yBalance, chart.openingBalance, chart.points, (p) => p.balance);
  const penalty = stepLine(x, yPenalty, chart.openingOutstanding, chart.points, (p) => p.outstanding);
  const zero = px(yBalance(0));

  const payments: Mark[] = [];
  const penaltyMarks: Mark[] = [];
  for (const point of chart.points) {
    const at = px(x(point.at));
    if (point.points < 0) {
      const previous = payments.at(-1);
      const mark = { x: at, y: px(yBalance(point.balance)), point };
      if (!previous || at - previous.x >= PAYMENT_SPACING) payments.push(mark);
    }
    if (point.penaltyPoints !== 0) {
      penaltyMarks.push({ x: at, y: px(yPenalty(point.outstanding)), point });
    }
  }
  /** The heights at which the balance is drawn between two places. */
  const balanceIn = (from: number, to: number): number[] => {
    const before = chart.points[pointBefore(chart.points, x.invert(from))]?.balance ?? chart.openingBalance;
    const between = chart.points
      .filter(({ at }) => x(at) > from && x(at) <= to)
      .map((point) => point.balance);
    return [before, ...between].map(yBalance);
  };
  const panel = { left, right, top, balanceBottom };

  return {
    plot: { left, right, top, balanceBottom, stripTop, stripBottom },
    x,
    yBalance,
    yPenalty,
    balanceTicks,
    timeTicks: timeTicks(chart.from, to, Math.max(2, Math.floor((right - left) / 96))),
    balanceLine: balance.path,
    balanceArea: `${balance.path}V${zero}H${left}Z`,
    penaltyLine: penalty.path,
    payments,
    penalties: withLabels(penaltyMarks, right),
    prohibited: prohibitedSpans(chart, levels.prohibitAt).map(({ from, to: end }) => {
      const place = { x: px(x(from)), width: Math.max(px(x(end ?? to) - x(from)), 2) };
      return { from, to: end, ...place, label: spanLabel(place, panel, balanceIn) };
    }),
    end: { x: right, y: px(yBalance(balance.last)) },
  };
}

/** Returns the index of the last point at or before a time; -1 if all points are later. */
export function pointBefore(points: readonly ChartPoint[], at: number): number {
  let low = 0;
  let high = points.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const point = points[middle];
    if (point && point.at <= at) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

/** Returns the index of the point nearest to a time; -1 if there are no points. */
export function nearestPoint(points: readonly ChartPoint[], at: number): number {
  if (points.length === 0) return -1;
  const before = pointBefore(points, at);
  const after = before + 1;
  const a = points[before];
  const b = points[after];
  if (!a) return 0;
  if (!b) return before;
  return at - a.at <= b.at - at ? before : after;
}
