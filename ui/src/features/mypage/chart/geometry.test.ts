import { describe, expect, it } from 'vitest';
import type { Chart, ChartPoint } from '../../../backend';
import { chartGeometry, nearestPoint, pointBefore, prohibitedSpans } from './geometry';
import { valueTicks } from './scale';
import { timeTicks } from './timeTicks';

const DAY = 86_400_000;
const SIZE = { width: 1152, balanceHeight: 144, penaltyHeight: 52 };
const LEVELS = { warnAt: 20, prohibitAt: 40 };
const START = Date.parse('2026-06-01T00:00:00+09:00');

const point = (at: number, over: Partial<ChartPoint> = {}): ChartPoint => ({
  at,
  kind: 'visit',
  balance: 0,
  outstanding: 0,
  points: 0,
  penaltyPoints: 0,
  ...over,
});
const chart = (points: ChartPoint[], over: Partial<Chart> = {}): Chart => ({
  from: START,
  to: START + 180 * DAY,
  openingBalance: 0,
  openingOutstanding: 0,
  points,
  ...over,
});

describe('chartGeometry', () => {
  it('draws flat lines without points', () => {
    const geometry = chartGeometry(chart([], { openingBalance: 300 }), LEVELS, SIZE);
    expect(geometry.balanceLine).toMatch(/^M56 [\d.]+H1140$/);
    expect(geometry.prohibited).toEqual([]);
  });

  it('draws a step for one point in a period of zero length', () => {
    const one = chart([point(START, { balance: 100, points: 100 })], { to: START });
    const geometry = chartGeometry(one, LEVELS, SIZE);
    expect(geometry.balanceLine).toContain('V');
    expect(geometry.balanceLine).not.toContain('NaN');
  });

  it('merges payment marks that would overlap, for 2,000 points', () => {
    const points = Array.from({ length: 2_000 }, (_, i) =>
      point(START + (i * 180 * DAY) / 2_000, { balance: i % 2 ? 40 : 100, points: i % 2 ? -60 : 60 }),
    );
    const geometry = chartGeometry(chart(points), LEVELS, SIZE);
    expect(geometry.payments.length).toBeLessThan(165);
    expect(geometry.balanceTicks.at(-1)).toBeGreaterThanOrEqual(100);
  });

  it('includes a negative balance', () => {
    const geometry = chartGeometry(chart([point(START + DAY, { balance: -50, points: -50 })]), LEVELS, SIZE);
    expect(geometry.balanceTicks[0]).toBeLessThanOrEqual(-50);
    expect(geometry.balanceTicks).toContain(0);
  });

  it('labels a penalty where neither another one nor the edge is in the way', () => {
    const sides = (...days: number[]) => {
      const points = days.map((day) => point(START + day * DAY, { penaltyPoints: 10, outstanding: 10 }));
      return chartGeometry(chart(points), LEVELS, SIZE).penalties.map(({ label }) => label);
    };
    expect(sides(20, 60, 179)).toEqual(['right', 'right', 'left']);
    // Close together: only the first (on its left) and the last (on its right) have room for a label.
    expect(sides(60, 63, 65, 66)).toEqual(['left', null, null, 'right']);
    // There is room for one label between the two marks.
    expect(sides(170, 178)).toEqual(['right', null]);
  });
});

describe('the text of a ban', () => {
  const banAt = START + 170 * DAY;
  const ban = (balanceBefore: number) =>
    chartGeometry(
      chart(
        [
          point(START + 165 * DAY, { balance: balanceBefore }),
          point(START + 169 * DAY, { balance: 1_000 }),
          point(banAt, { balance: 1_000, outstanding: 50 }),
        ],
        { openingBalance: balanceBefore },
      ),
      LEVELS,
      SIZE,
    );

  it('stands at the foot while the balance is above or on the zero line', () => {
    const { prohibited, plot } = ban(1_000);
    expect(prohibited[0]?.label).toMatchObject({ anchor: 'end', y: plot.balanceBottom - 10 });
  });

  it('goes to the top where the balance rises from the foot', () => {
    const points = [
      point(START + 165 * DAY, { balance: 300 }),
      point(START + 168 * DAY, { balance: 400, outstanding: 50 }),
      point(START + 175 * DAY, { balance: 1_000, outstanding: 50 }),
    ];
    const { prohibited, plot } = chartGeometry(chart(points), LEVELS, SIZE);
    expect(prohibited[0]?.label).toMatchObject({ anchor: 'end', y: plot.top + 12 });
  });

  it('stands to the right of a ban that is over', () => {
    const points = [point(START + DAY, { outstanding: 50 }), point(START + 9 * DAY, { outstanding: 0 })];
    const [span] = chartGeometry(chart(points), LEVELS, SIZE).prohibited;
    expect(span?.label).toMatchObject({ anchor: 'start', x: (span?.x ?? 0) + (span?.width ?? 0) + 8 });
  });
});

describe('prohibitedSpans', () => {
  it('starts with a ban from before the period and leaves the last ban open', () => {
    const spans = prohibitedSpans(
      chart([point(START + DAY, { outstanding: 30 }), point(START + 5 * DAY, { outstanding: 40 })], {
        openingOutstanding: 60,
      }),
      40,
    );
    expect(spans).toEqual([
      { from: START, to: START + DAY },
      { from: START + 5 * DAY, to: null },
    ]);
  });
});

describe('lookup', () => {
  const points = [point(10), point(20), point(20), point(40)];
  it('finds the last point at or before a moment', () => {
    expect(pointBefore(points, 9)).toBe(-1);
    expect(pointBefore(points, 20)).toBe(2);
    expect(pointBefore(points, 99)).toBe(3);
  });
  it('finds the nearest one', () => {
    expect(nearestPoint(points, 0)).toBe(0);
    expect(nearestPoint(points, 31)).toBe(3);
    expect(nearestPoint([], 5)).toBe(-1);
  });
});

describe('ticks', () => {
  it('are round numbers that enclose the values', () => {
    expect(valueTicks(0, 1_900, 3)).toEqual([0, 1_000, 2_000]);
    expect(valueTicks(0, 0, 3)).toEqual([0, 100]);
    expect(valueTicks(0, 3, 3)).toEqual([0, 1, 2, 3]);
  });
  it('fall on the first of the month in Korea', () => {
    const ticks = timeTicks(START, START + 170 * DAY, 10);
    expect(ticks.map(({ month }) => month)).toEqual([6, 7, 8, 9, 10, 11]);
    expect(ticks[1]?.at).toBe(Date.parse('2026-07-01T00:00:00+09:00'));
  });
  it('are days for a month and years for a decade', () => {
    expect(timeTicks(START, START + 30 * DAY, 10)[0]?.unit).toBe('day');
    const years = timeTicks(START, START + 3_650 * DAY, 8);
    expect(years[0]?.unit).toBe('year');
    expect(years.length).toBeLessThanOrEqual(8);
  });
});
