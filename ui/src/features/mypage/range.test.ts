import { describe, expect, it } from 'vitest';
import { addDays, monthsBefore, presetOf, presetRange, readDate } from './range';

const NOW = Date.parse('2026-11-20T01:47:00Z'); // 10:47 in Seoul

describe('range', () => {
  it('counts months back and stays inside the month', () => {
    expect(monthsBefore('2026-11-20', 6)).toBe('2026-05-20');
    expect(monthsBefore('2026-03-31', 1)).toBe('2026-02-28');
    expect(monthsBefore('2026-01-31', 3)).toBe('2025-10-31');
  });

  it('takes today from Seoul, not from UTC', () => {
    expect(presetRange('month1', Date.parse('2026-11-19T15:30:00Z')).to).toBe('2026-11-20');
  });

  it('recognises a preset and leaves everything open', () => {
    expect(presetRange('everything', NOW)).toEqual({});
    expect(presetOf({ from: '2026-08-20', to: '2026-11-20' }, NOW)).toBe('month3');
    expect(presetOf({ from: '2026-08-21', to: '2026-11-20' }, NOW)).toBeNull();
  });

  it('reads dates as people type them', () => {
    for (const text of ['2026-11-02', '2026.11.2', '2026. 11. 2.', '20261102', ' 2026/11/02 ']) {
      expect(readDate(text)).toEqual({ date: '2026-11-02' });
    }
    expect(readDate('')).toEqual({ date: undefined });
    expect(readDate('2026-02-30')).toEqual({ problem: 'missing' });
    expect(readDate('11/20')).toEqual({ problem: 'format' });
  });

  it('steps over a month by days', () => {
    expect(addDays('2026-02-28', 1)).toBe('2026-03-01');
    expect(addDays('2026-01-01', -1)).toBe('2025-12-31');
  });
});
