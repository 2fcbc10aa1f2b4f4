import type { Language } from '../../backend';
import { calendarDaysBetween, isoDate, koreanDate } from './calendar';

/** Facilities are in Korea, so times are shown in Korean time even if the terminal has another time zone. */
const ZONE = 'Asia/Seoul';

const inKorea = (locale: string, options: Intl.DateTimeFormatOptions) =>
  new Intl.DateTimeFormat(locale, { timeZone: ZONE, ...options });

const clock = inKorea('en-GB', { hour: '2-digit', minute: '2-digit' });
const clockMillis = inKorea('en-GB', {
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  fractionalSecondDigits: 3,
});
const days: Record<Language, Intl.DateTimeFormat> = {
  ko: inKorea('ko-KR', { month: 'long', day: 'numeric' }),
  en: inKorea('en-GB', { month: 'short', day: 'numeric' }),
};
const weekdays: Record<Language, Intl.DateTimeFormat> = {
  ko: inKorea('ko-KR', { weekday: 'short' }),
  en: inKorea('en-GB', { weekday: 'short' }),
};
const months: Record<Language, Intl.DateTimeFormat> = {
  ko: inKorea('ko-KR', { year: 'numeric', month: 'long' }),
  en: inKorea('en-GB', { year: 'numeric', month: 'short' }),
};
const englishMonths = new Intl.DateTimeFormat('en-US', { timeZone: 'UTC', month: 'short' });

/** `10:47` */
export const formatClock = (at: number): string => clock.format(at);

/** `10:47:03` */
export const formatClockSeconds = (at: number): string => clockMillis.format(at).slice(0, 8);

/**
 * Formats `2026-11-20`, as the program's calls require. Doesn't use `Intl`, because no locale gives this format in
 * every engine (`en-CA` gives `11/20/2026` in WebKitGTK).
 */
export function formatIsoDate(at: number): string {
  const { year, month, day } = koreanDate(at);
  return isoDate(year, month, day);
}

/** `1:20` for 80 seconds. */
export const formatCountdown = (seconds: number): string =>
  `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;

/** `2026.11.20` for `2026-11-20`, as dates are written in Korea. */
export const dottedDate = (date: string): string => date.replaceAll('-', '.');

/** `2026-11-20 10:47:03.218` */
export const formatExactly = (at: number): string => `${formatIsoDate(at)} ${clockMillis.format(at)}`;

/** `11월 20일` or `20 Nov` */
export const formatDay = (at: number, language: Language): string => days[language].format(at);

/** `11월 20일 (금)` or `Fri 20 Nov` */
export function formatWeekday(at: number, language: Language): string {
  const weekday = weekdays[language].format(at);
  const day = formatDay(at, language);
  return language === 'ko' ? `${day} (${weekday})` : `${weekday} ${day}`;
}

/** `11월 20일 (금) 10:47` or `Fri 20 Nov 10:47` */
export const formatMoment = (at: number, language: Language): string =>
  `${formatWeekday(at, language)} ${formatClock(at)}`;

/** `2025년 3월` or `Mar 2025` */
export const formatMonth = (at: number, language: Language): string => months[language].format(at);

/** `Mar` for 3. */
export const englishMonth = (month: number): string => englishMonths.format(Date.UTC(2000, month - 1, 1));

/** `11.18`, or `2025.11.18` in another year. */
export function formatShortDate(at: number, now: number): string {
  const { year, month, day } = koreanDate(at);
  return koreanDate(now).year === year ? `${month}.${day}` : `${year}.${month}.${day}`;
}

/** `11.18 23:10`, or `2025.11.18 23:10` in another year. */
export const formatShortMoment = (at: number, now: number): string =>
  `${formatShortDate(at, now)} ${formatClock(at)}`;

/** `10:47` today, else `11.18` or `2025.11.18`. */
export const formatClockOrShortDate = (at: number, now: number): string =>
  calendarDaysBetween(at, now) === 0 ? formatClock(at) : formatShortDate(at, now);

/** `11.19 (목)` or `Thu 19 Nov`; in another year `2025.11.19 (수)` or `Wed 19 Nov 2025`. */
export function formatWeekdayDate(at: number, now: number, language: Language): string {
  const weekday = weekdays[language].format(at);
  if (language === 'ko') return `${formatShortDate(at, now)} (${weekday})`;
  const { year } = koreanDate(at);
  const day = `${weekday} ${formatDay(at, language)}`;
  return koreanDate(now).year === year ? day : `${day} ${year}`;
}
