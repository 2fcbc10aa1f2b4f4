import type { TFunction } from 'i18next';
import type { Language } from '../../backend';
import { calendarDaysBetween, DAY_MS, elapsed, MINUTE_MS, SECOND_MS } from './calendar';
import { formatClock, formatClockSeconds, formatDay, formatIsoDate } from './format';

/** Durations and moments relative to now, in the user's language. */
export function timePhrases(t: TFunction<'common'>, language: Language) {
  /** `38분`, `1시간 49분`. */
  const duration = (from: number, to: number): string => {
    const { hours, minutes } = elapsed(from, to);
    if (hours === 0) return minutes === 0 ? t('lessThanMinute') : t('minutes', { value: minutes });
    if (minutes === 0) return t('hours', { value: hours });
    return t('hoursMinutes', { hours, minutes });
  };
  const today = (at: number) => t('today', { time: formatClock(at) });
  const yesterday = (at: number) => t('yesterday', { time: formatClock(at) });

  /** A time, with its day if it isn't today: `10:47`, `어제 23:10` (yesterday), `11월 18일 23:10`. */
  const clockOrDay = (at: number, now: number): string => {
    const days = calendarDaysBetween(at, now);
    if (days === 0) return formatClock(at);
    return days === 1 ? yesterday(at) : `${formatDay(at, language)} ${formatClock(at)}`;
  };
  /** A day, with the time if it is today or yesterday: `오늘 10:22`, `어제 18:20`, `11월 18일`. */
  const dayOrRecent = (at: number, now: number): string => {
    const days = calendarDaysBetween(at, now);
    if (days === 0) return today(at);
    return days === 1 ? yesterday(at) : formatDay(at, language);
  };
  return {
    duration,
    clockOrDay,
    /** A time as short as it can be, for a printed list: `10:22`, of another day `11/29 22:10`. */
    clockOrDate: (at: number, now: number): string =>
      calendarDaysBetween(at, now) === 0
        ? formatClock(at)
        : `${formatIsoDate(at).slice(5).replace('-', '/')} ${formatClock(at)}`,
    dayOrRecent,
    /** Like `clockOrDay`, but a time of today has seconds: `10:47:03`. */
    secondsOrDay: (at: number, now: number): string =>
      calendarDaysBetween(at, now) === 0 ? formatClockSeconds(at) : clockOrDay(at, now),
    /** Like `dayOrRecent`, but shorter for narrow columns: in English, `yesterday` without the time. */
    dayOrRecentShort: (at: number, now: number): string =>
      language === 'en' && calendarDaysBetween(at, now) === 1 ? t('yesterdayShort') : dayOrRecent(at, now),
    /** The length of a stay: `16분째` (for 16 minutes), or `방금` (just now) in the first minute. */
    stay(from: number, to: number): string {
      const { hours, minutes } = elapsed(from, to);
      if (hours === 0 && minutes === 0) return t('justNow');
      return t('stay', { duration: duration(from, to) });
    },
    /** The age of a time: `2초 전` (2 s ago), `3시간 12분 전`; after a day, the time itself. */
    ago(at: number, now: number): string {
      const spent = Math.max(0, now - at);
      if (spent < MINUTE_MS) return t('secondsAgo', { value: Math.max(1, Math.floor(spent / SECOND_MS)) });
      if (spent >= DAY_MS) return clockOrDay(at, now);
      return t('ago', { duration: duration(at, now) });
    },
  };
}
