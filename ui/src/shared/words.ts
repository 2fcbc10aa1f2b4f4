import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { CustomerName } from '../backend';
import { calendarDaysBetween, elapsed, formatClock, formatDay, formatNumber } from './format';
import { useLanguage } from './preferences';

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

/** Small phrases that many screens need, in the user's language. */
export function useWords() {
  const { t } = useTranslation('common');
  const language = useLanguage();
  return useMemo(() => {
    const duration = (from: number, to: number): string => {
      const { hours, minutes } = elapsed(from, to);
      if (hours === 0) return minutes === 0 ? t('lessThanMinute') : t('minutes', { value: minutes });
      if (minutes === 0) return t('hours', { value: hours });
      return t('hoursMinutes', { hours, minutes });
    };
    /** A time today, else with its day: `10:47`, `어제 23:10`, `11월 18일 23:10`. */
    const clockOrDay = (at: number, now: number): string => {
      const days = calendarDaysBetween(at, now);
      if (days === 0) return formatClock(at);
      if (days === 1) return t('yesterday', { time: formatClock(at) });
      return `${formatDay(at, language)} ${formatClock(at)}`;
    };
    return {
      /** `38분`, `1시간 49분`; a place in a list has room for no more. */
      duration,
      /** `16분째`; right after it began, `방금`. */
      stay(from: number, to: number): string {
        const { hours, minutes } = elapsed(from, to);
        if (hours === 0 && minutes === 0) return t('justNow');
        return t('stay', { duration: duration(from, to) });
      },
      /** `오늘 10:22`, `어제 18:20`, `11월 18일`. */
      when(at: number, now: number): string {
        const days = calendarDaysBetween(at, now);
        if (days === 0) return t('today', { time: formatClock(at) });
        if (days === 1) return t('yesterday', { time: formatClock(at) });
        return formatDay(at, language);
      },
      clockOrDay,
      /** How long ago: `2초 전`, `3시간 12분 전`; after a day, when it was. */
      ago(at: number, now: number): string {
        const spent = Math.max(0, now - at);
        if (spent < MINUTE_MS) return t('secondsAgo', { value: Math.max(1, Math.floor(spent / 1_000)) });
        if (spent >= DAY_MS) return clockOrDay(at, now);
        return t('ago', { duration: duration(at, now) });
      },
      /** `1,240 P` */
      points: (points: number) => t('points', { value: formatNumber(points) }),
      /** `10점` */
      penaltyPoints: (points: number) => t('penaltyPoints', { value: formatNumber(points) }),
      /** What stands for the name of someone who has none. */
      nameOf: ({ name, tag, unknownHere }: CustomerName) =>
        name ?? t(unknownHere ? 'unknownHere' : 'walkInTagged', { tag }),
    };
  }, [t, language]);
}

export type Words = ReturnType<typeof useWords>;
