import type { Language } from '../../backend';

/** Facilities are in Korea; times are shown in Korean time wherever the terminal believes to be. */
export const ZONE = 'Asia/Seoul';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

const clock = new Intl.DateTimeFormat('en-GB', { timeZone: ZONE, hour: '2-digit', minute: '2-digit' });
/** Korea has kept UTC+9 without summer time since 1988. */
const SEOUL_MS = 9 * HOUR_MS;
const parts: Record<Language, Intl.DateTimeFormat> = {
  ko: new Intl.DateTimeFormat('ko-KR', { timeZone: ZONE, month: 'long', day: 'numeric' }),
  en: new Intl.DateTimeFormat('en-GB', { timeZone: ZONE, month: 'short', day: 'numeric' }),
};
const weekdays: Record<Language, Intl.DateTimeFormat> = {
  ko: new Intl.DateTimeFormat('ko-KR', { timeZone: ZONE, weekday: 'short' }),
  en: new Intl.DateTimeFormat('en-GB', { timeZone: ZONE, weekday: 'short' }),
};
const months: Record<Language, Intl.DateTimeFormat> = {
  ko: new Intl.DateTimeFormat('ko-KR', { timeZone: ZONE, year: 'numeric', month: 'long' }),
  en: new Intl.DateTimeFormat('en-GB', { timeZone: ZONE, year: 'numeric', month: 'short' }),
};

/** `10:47` */
export const formatClock = (at: number): string => clock.format(at);

/**
 * `2026-11-20`, as the contract wants dates. Worked out: no locale of `Intl` writes it so in every engine (`en-CA` gives
 * `11/20/2026` in WebKitGTK).
 */
export const formatIsoDate = (at: number): string => new Date(at + SEOUL_MS).toISOString().slice(0, 10);

/** `11월 20일` or `20 Nov` */
export const formatDay = (at: number, language: Language): string => parts[language].format(at);

/** `11월 20일 (금) 10:47` or `Fri 20 Nov 10:47` */
export function formatMoment(at: number, language: Language): string {
  const weekday = weekdays[language].format(at);
  const day = formatDay(at, language);
  return language === 'ko'
    ? `${day} (${weekday}) ${formatClock(at)}`
    : `${weekday} ${day} ${formatClock(at)}`;
}

/** `2025년 3월` or `Mar 2025` */
export const formatMonth = (at: number, language: Language): string => months[language].format(at);

/** `11.18`, or `2025.11.18` when it was in another year. */
export function formatShortDate(at: number, now: number): string {
  const [year = '', month = '', day = ''] = formatIsoDate(at).split('-');
  const short = `${Number(month)}.${Number(day)}`;
  return formatIsoDate(now).startsWith(year) ? short : `${year}.${short}`;
}

/** Whole days between two moments on the facility's calendar; 0 is the same day. */
export function calendarDaysBetween(earlier: number, later: number): number {
  const day = (at: number) => Date.parse(`${formatIsoDate(at)}T00:00:00Z`);
  return Math.round((day(later) - day(earlier)) / DAY_MS);
}

export interface Elapsed {
  hours: number;
  minutes: number;
}

/** Time from one moment to another, never negative: another terminal's clock may be ahead. */
export function elapsed(from: number, to: number): Elapsed {
  const total = Math.max(0, Math.floor((to - from) / MINUTE_MS));
  return { hours: Math.floor(total / 60), minutes: total % 60 };
}
