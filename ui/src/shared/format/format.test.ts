import { describe, expect, it } from 'vitest';
import {
  calendarDaysBetween,
  elapsed,
  formatClock,
  formatMoment,
  formatMonth,
  formatNumber,
  formatPhone,
  formatShortDate,
  formatSigned,
  parseWhole,
  phoneEnding,
} from '.';

const at = (text: string) => Date.parse(text);

describe('format', () => {
  it('writes numbers grouped, with a real minus', () => {
    expect(formatNumber(1_240)).toBe('1,240');
    expect(formatSigned(100)).toBe('+100');
    expect(formatSigned(-60)).toBe('−60');
    expect(formatSigned(0)).toBe('0');
  });

  it('reads whole numbers only', () => {
    expect(parseWhole('1,240')).toBe(1_240);
    expect(parseWhole(' 60 ')).toBe(60);
    for (const text of ['', '1.5', '-3', '1e3', '육십', '9'.repeat(16)]) expect(parseWhole(text)).toBeNull();
  });

  it('shows times in Seoul whatever the terminal believes', () => {
    const moment = at('2026-11-20T01:47:00Z');
    expect(formatClock(moment)).toBe('10:47');
    expect(formatMoment(moment, 'ko')).toBe('11월 20일 (금) 10:47');
    expect(formatMoment(moment, 'en')).toBe('Fri 20 Nov 10:47');
    expect(formatMonth(moment, 'ko')).toBe('2026년 11월');
    expect(formatClock(at('2026-11-19T15:00:00Z'))).toBe('00:00');
  });

  it('counts days on the calendar of Seoul', () => {
    expect(calendarDaysBetween(at('2026-11-19T14:59:00Z'), at('2026-11-19T15:01:00Z'))).toBe(1);
    expect(formatShortDate(at('2026-11-18T05:32:00Z'), at('2026-11-20T01:47:00Z'))).toBe('11.18');
    expect(formatShortDate(at('2025-03-01T05:32:00Z'), at('2026-11-20T01:47:00Z'))).toBe('2025.3.1');
  });

  it('never counts backwards when another clock is ahead', () => {
    expect(elapsed(at('2026-11-20T10:00:00Z'), at('2026-11-20T09:00:00Z'))).toEqual({ hours: 0, minutes: 0 });
  });

  it('hyphenates Korean phone numbers and leaves others as they are', () => {
    expect(formatPhone('01023054821')).toBe('010-2305-4821');
    expect(formatPhone('0212345678')).toBe('02-1234-5678');
    expect(formatPhone('+82 10 2305 4821')).toBe('+82 10 2305 4821');
    expect(phoneEnding('010-2305-4821')).toBe('4821');
    expect(phoneEnding(null)).toBeNull();
  });
});
