import { isoDate } from '../time';

/** A range of dates in Korea, as `YYYY-MM-DD`, both inclusive. An absent date leaves that end of the range open. */
export interface DateRange {
  from?: string;
  to?: string;
}

/** Returns the same day N months earlier, or the last day of that month if the month is shorter. */
export function monthsBefore(date: string, months: number): string {
  const [year = 0, month = 1, day = 1] = date.split('-').map(Number);
  const last = new Date(Date.UTC(year, month - months, 0)).getUTCDate();
  return isoDate(year, month - months, Math.min(day, last));
}

export type ParsedDate = { date: string | undefined } | { problem: 'format' | 'missing' };

/** Parses a typed date: `2026-11-20`, `2026.11.20`, `2026. 11. 20.` or `20261120`. An empty text is no date. */
export function parseDate(text: string): ParsedDate {
  const plain = text.trim();
  if (plain === '') return { date: undefined };
  const found =
    /^(\d{4})(\d{2})(\d{2})$/.exec(plain) ??
    /^(\d{4})\s*[-./]\s*(\d{1,2})\s*[-./]\s*(\d{1,2})\.?$/.exec(plain);
  if (!found) return { problem: 'format' };
  const [year = 0, month = 0, day = 0] = found.slice(1).map(Number);
  const date = new Date(Date.UTC(year, month - 1, day));
  const exists = date.getUTCMonth() === month - 1 && date.getUTCDate() === day && year >= 1900;
  return exists ? { date: isoDate(year, month, day) } : { problem: 'missing' };
}
