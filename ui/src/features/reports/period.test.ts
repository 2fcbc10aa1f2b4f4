import { describe, expect, it } from 'vitest';
import type { DayItem, DayLine } from '../../backend';
import { averageInside, figureOf, partLabel, periodOf, TOPICS, unitFor } from './period';

// 2026-11-20 is a Friday; at this moment it is still the 19th in UTC.
const NOW = Date.parse('2026-11-19T15:30:00Z');

const line = (item: DayItem, points: number, count = 1): DayLine => ({
  item,
  code: null,
  ground: null,
  here: { count: 0, points: 0 },
  facility: item === 'refusals' ? null : { count, points },
});

describe('period', () => {
  it('begins weeks on Monday and months on the first, in Seoul', () => {
    expect(periodOf('days7', NOW)).toEqual({ from: '2026-11-14', to: '2026-11-20' });
    expect(periodOf('week', NOW)).toEqual({ from: '2026-11-16', to: '2026-11-20' });
    expect(periodOf('week', Date.parse('2026-11-16T03:00:00Z')).from).toBe('2026-11-16');
    expect(periodOf('week', Date.parse('2026-11-15T03:00:00Z')).from).toBe('2026-11-09');
    expect(periodOf('month', NOW)).toEqual({ from: '2026-11-01', to: '2026-11-20' });
    expect(periodOf('lastMonth', NOW)).toEqual({ from: '2026-10-01', to: '2026-10-31' });
    expect(periodOf('lastMonth', Date.parse('2027-01-01T00:00:00Z'))).toEqual({
      from: '2026-12-01',
      to: '2026-12-31',
    });
    expect(periodOf('months12', NOW)).toEqual({ from: '2025-11-21', to: '2026-11-20' });
  });

  it('is divided so that a chart stays readable', () => {
    expect(unitFor({ from: '2026-10-01', to: '2026-10-31' })).toBe('day');
    expect(unitFor({ from: '2026-10-01', to: '2026-11-01' })).toBe('week');
    expect(unitFor(periodOf('months12', NOW))).toBe('month');
  });

  it('names its parts', () => {
    const part = { from: '2026-11-16', to: '2026-11-22', lines: [] };
    expect([partLabel(part, 'day'), partLabel(part, 'week'), partLabel(part, 'month')]).toEqual([
      '11.16',
      '11.16~',
      '2026.11',
    ]);
  });

  it('subtracts voids from what was paid, and shows it as a positive number', () => {
    const lines = [line('paid', -90, 2), line('paymentsVoided', 30), line('earned', 300)];
    expect(TOPICS.points.map((series) => figureOf(lines, series))).toEqual([300, 60, 0]);
  });

  it('has each item of points and of penalties in one series, so that the series add up to all', () => {
    for (const topic of ['points', 'penalties'] as const) {
      const items = TOPICS[topic].flatMap((series) => series.items);
      expect(new Set(items).size).toBe(items.length);
    }
    expect(TOPICS.points.flatMap(({ items }) => items)).toHaveLength(7);
    expect(TOPICS.penalties.flatMap(({ items }) => items)).toHaveLength(5);
  });

  it('counts refusals of this terminal, which alone knows them', () => {
    const refusals = { ...line('refusals', 0), here: { count: 4, points: 0 } };
    expect(TOPICS.visits.map((series) => figureOf([refusals], series))).toEqual([0, 4, 0]);
  });

  it('divides the time inside by the days', () => {
    expect(averageInside(7 * 2 * 3_600_000, 7)).toBe(2);
  });
});
