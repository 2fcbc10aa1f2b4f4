import { describe, expect, it } from 'vitest';
import { monthsBefore, parseDate } from '../../shared/dates';
import { addDays } from '../../shared/time';
import { presetOf, presetRange, readRange } from './range';

const NOW = Date.parse('2026-11-20T01:47:00Z'); // 10:47 in Korea

describe('range', () => {
  it('counts months back and ends at the last day of a shorter month', () => {
    expect(monthsBefore('2026-11-20', 6)).toBe('2026-05-20');
    expect(monthsBefore('2026-03-31', 1)).toBe('2026-02-28');
    expect(monthsBefore('2026-01-31', 3)).toBe('2025-10-31');
  });

  it('takes the date of today in Korea, not in UTC', () => {
    expect(presetRange('month1', Date.parse('2026-11-19T15:30:00Z')).to).toBe('2026-11-20');
  });

  it('recognises presets', () => {
    expect(presetRange('everything', NOW)).toEqual({});
    expect(presetOf({ from: '2026-08-20', to: '2026-11-20' }, NOW)).toBe('month3');
    expect(presetOf({ from: '2026-08-21', to: '2026-11-20' }, NOW)).toBeNull();
  });

  it('that ends today also reads what a clock ahead stamped for tomorrow', () => {
    expect(readRange({ from: '2026-08-20', to: '2026-11-20' }, NOW)).toEqual({ from: '2026-08-20' });
    expect(readRange({ from: '2026-08-20', to: '2026-11-19' }, NOW).to).toBe('2026-11-19');
  });

  it('parses dates in several notations', () => {
    for (const text of ['2026-11-02', '2026.11.2', '2026. 11. 2.', '20261102', ' 2026/11/02 ']) {
      expect(parseDate(text)).toEqual({ date: '2026-11-02' });
    }
    expect(parseDate('')).toEqual({ date: undefined });
    expect(parseDate('2026-02-30')).toEqual({ problem: 'missing' });
    expect(parseDate('11/20')).toEqual({ problem: 'format' });
  });

  it('adds days across months and years', () => {
    expect(addDays('2026-02-28', 1)).toBe('2026-03-01');
    expect(addDays('2026-01-01', -1)).toBe('2025-12-31');
  });
});
