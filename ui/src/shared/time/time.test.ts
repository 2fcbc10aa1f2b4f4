import { describe, expect, it } from 'vitest';
import { startI18n } from '../../i18n';
import {
  calendarDaysBetween,
  elapsed,
  formatClock,
  formatClockOrShortDate,
  formatExactly,
  formatMoment,
  formatMonth,
  formatShortDate,
  formatWeekdayDate,
  startOfKoreanDate,
  timePhrases,
} from '.';

const at = (text: string) => Date.parse(text);
const NOW = at('2026-11-20T01:47:00Z'); // 10:47 in Korea

describe('formatting', () => {
  it('shows Korean time in any time zone of the terminal', () => {
    expect(formatClock(NOW)).toBe('10:47');
    expect(formatMoment(NOW, 'ko')).toBe('11월 20일 (금) 10:47');
    expect(formatMoment(NOW, 'en')).toBe('Fri 20 Nov 10:47');
    expect(formatMonth(NOW, 'ko')).toBe('2026년 11월');
    expect(formatClock(at('2026-11-19T15:00:00Z'))).toBe('00:00');
    expect(formatExactly(at('2026-11-19T15:00:03.218Z'))).toBe('2026-11-20 00:00:03.218');
  });

  it('adds the year to a date of another year', () => {
    expect(formatShortDate(at('2026-11-18T05:32:00Z'), NOW)).toBe('11.18');
    expect(formatShortDate(at('2025-03-01T05:32:00Z'), NOW)).toBe('2025.3.1');
    expect(formatWeekdayDate(NOW, NOW, 'ko')).toBe('11.20 (금)');
    expect(formatWeekdayDate(at('2025-03-01T05:32:00Z'), NOW, 'ko')).toBe('2025.3.1 (토)');
    expect(formatWeekdayDate(at('2025-03-01T05:32:00Z'), NOW, 'en')).toBe('Sat 1 Mar 2025');
  });

  it('shows the time of today and the date of any other day', () => {
    expect(formatClockOrShortDate(at('2026-11-19T15:01:00Z'), NOW)).toBe('00:01');
    expect(formatClockOrShortDate(at('2026-11-19T14:59:00Z'), NOW)).toBe('11.19');
  });
});

describe('the Korean calendar', () => {
  it('counts days by midnight in Korea', () => {
    expect(calendarDaysBetween(at('2026-11-19T14:59:00Z'), at('2026-11-19T15:01:00Z'))).toBe(1);
    expect(startOfKoreanDate(2026, 11, 20)).toBe(at('2026-11-19T15:00:00Z'));
  });

  it('never counts a negative elapsed time', () => {
    expect(elapsed(at('2026-11-20T10:00:00Z'), at('2026-11-20T09:00:00Z'))).toEqual({ hours: 0, minutes: 0 });
  });
});

describe('phrases', () => {
  it('names today and yesterday, and other days by their date', async () => {
    const { t } = await startI18n('ko');
    const { clockOrDay, dayOrRecent, secondsOrDay, ago, stay } = timePhrases(t, 'ko');
    const yesterday = at('2026-11-19T13:45:00Z');
    const earlier = at('2026-11-18T14:10:00Z');
    expect([NOW, yesterday, earlier].map((one) => clockOrDay(one, NOW))).toEqual([
      '10:47',
      '어제 22:45',
      '11월 18일 23:10',
    ]);
    expect([NOW, yesterday, earlier].map((one) => dayOrRecent(one, NOW))).toEqual([
      '오늘 10:47',
      '어제 22:45',
      '11월 18일',
    ]);
    expect(secondsOrDay(NOW, NOW)).toBe('10:47:00');
    expect(ago(NOW - 2_000, NOW)).toBe('2초 전');
    expect(ago(earlier, NOW)).toBe('11월 18일 23:10');
    expect(stay(NOW - 16 * 60_000, NOW)).toBe('16분째');
  });

  it('leaves out the time of yesterday in narrow English columns', async () => {
    const { t } = await startI18n('en');
    const { dayOrRecentShort } = timePhrases(t, 'en');
    expect(dayOrRecentShort(at('2026-11-19T13:45:00Z'), NOW)).toBe('yesterday');
    expect(dayOrRecentShort(NOW, NOW)).toBe('today 10:47');
  });
});
