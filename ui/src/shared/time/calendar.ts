export const SECOND_MS = 1_000;
export const MINUTE_MS = 60 * SECOND_MS;
export const HOUR_MS = 60 * MINUTE_MS;
export const DAY_MS = 24 * HOUR_MS;

/** Korea has kept UTC+9 without daylight saving time since 1988. */
const KOREA_OFFSET_MS = 9 * HOUR_MS;

export interface CalendarDate {
  year: number;
  /** 1 to 12. */
  month: number;
  day: number;
}

/** Returns the date in Korea at a time. */
export function koreanDate(at: number): CalendarDate {
  const shifted = new Date(at + KOREA_OFFSET_MS);
  return { year: shifted.getUTCFullYear(), month: shifted.getUTCMonth() + 1, day: shifted.getUTCDate() };
}

/** Returns the time at which a date in Korea begins. Months and days out of range roll over, as in `Date.UTC`. */
export const startOfKoreanDate = (year: number, month: number, day: number): number =>
  Date.UTC(year, month - 1, day) - KOREA_OFFSET_MS;

/** Formats a date as `2026-11-20`. Months and days out of range roll over, as in `Date.UTC`. */
export const isoDate = (year: number, month: number, day: number): string =>
  new Date(Date.UTC(year, month - 1, day)).toISOString().slice(0, 10);

/** Returns the date such as `2026-11-20` that is some days later, or earlier for a negative number. */
export function addDays(date: string, days: number): string {
  const [year = 0, month = 1, day = 1] = date.split('-').map(Number);
  return isoDate(year, month, day + days);
}

/** Returns the time at which a date such as `2026-11-20` begins in Korea. */
export function startOfDay(date: string): number {
  const [year = 0, month = 1, day = 1] = date.split('-').map(Number);
  return startOfKoreanDate(year, month, day);
}

/** Returns the number of calendar days in Korea between two times; 0 if both are on the same day. */
export function calendarDaysBetween(earlier: number, later: number): number {
  const dayNumber = (at: number) => Math.floor((at + KOREA_OFFSET_MS) / DAY_MS);
  return dayNumber(later) - dayNumber(earlier);
}

export interface Elapsed {
  hours: number;
  minutes: number;
}

/** Returns the time from `from` to `to`, but 0 if `from` is later, because another terminal's clock may be ahead. */
export function elapsed(from: number, to: number): Elapsed {
  const total = Math.max(0, Math.floor((to - from) / MINUTE_MS));
  return { hours: Math.floor(total / 60), minutes: total % 60 };
}
