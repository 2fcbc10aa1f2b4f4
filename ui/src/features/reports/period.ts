import type { DayItem, DayLine, PeriodPart, PeriodUnit } from '../../backend';
import { monthsBefore } from '../../shared/dates';
import { addDays, formatIsoDate, startOfDay } from '../../shared/time';

/** A period of dates in Seoul, both included. */
export interface Period {
  from: string;
  to: string;
}

export const PRESETS = ['days7', 'week', 'month', 'lastMonth', 'months12'] as const;
export type Preset = (typeof PRESETS)[number];

/** What was chosen: a preset follows the day over midnight, two dates stay. */
export type ChosenPeriod = Preset | Period;

const DAY_MS = 86_400_000;
/** A longer period isn't divided into days by itself, nor into weeks. */
const DAYS_BY_DAY = 31;
const DAYS_BY_WEEK = 190;

const daysOf = ({ from, to }: Period) => Math.round((startOfDay(to) - startOfDay(from)) / DAY_MS) + 1;

/** The Monday of the week of a date. 1970-01-01 was a Thursday. */
function mondayOf(date: string): string {
  const number = Date.parse(`${date}T00:00:00Z`) / DAY_MS;
  return addDays(date, -((number + 3) % 7));
}

const firstOfMonth = (date: string) => `${date.slice(0, 7)}-01`;

function presetPeriod(preset: Preset, now: number): Period {
  const to = formatIsoDate(now);
  switch (preset) {
    case 'days7':
      return { from: addDays(to, -6), to };
    case 'week':
      return { from: mondayOf(to), to };
    case 'month':
      return { from: firstOfMonth(to), to };
    case 'lastMonth': {
      const last = addDays(firstOfMonth(to), -1);
      return { from: firstOfMonth(last), to: last };
    }
    case 'months12':
      return { from: addDays(monthsBefore(to, 12), 1), to };
  }
}

export const periodOf = (chosen: ChosenPeriod, now: number): Period =>
  typeof chosen === 'string' ? presetPeriod(chosen, now) : chosen;

/** The unit into which a period is divided unless another one is chosen. */
export function unitFor(period: Period): PeriodUnit {
  const days = daysOf(period);
  if (days <= DAYS_BY_DAY) return 'day';
  return days <= DAYS_BY_WEEK ? 'week' : 'month';
}

/** The label of a part of a period: `11.23`, `11.23~`, `2026.11`. */
export function partLabel({ from }: PeriodPart, unit: PeriodUnit): string {
  const [year, month, day] = from.split('-');
  if (unit === 'month') return `${year}.${month}`;
  return unit === 'day' ? `${month}.${day}` : `${month}.${day}~`;
}

/** A column of a chart and of the table beneath. */
export interface Series {
  name: 'visits' | 'refusals' | 'overrides' | 'earned' | 'paid' | 'otherPoints' | 'imposed' | 'deducted';
  color: string;
  /** Whether the points count, and not how often it happened. */
  ofPoints: boolean;
  items: readonly DayItem[];
  /** -1 shows what reduces a balance as a positive number. */
  sign: 1 | -1;
}

export type Topic = 'visits' | 'points' | 'penalties';

const counted = (name: Series['name'], color: string, items: readonly DayItem[]): Series => ({
  ...{ name, color, items },
  ofPoints: false,
  sign: 1,
});

export const TOPICS: Record<Topic, readonly Series[]> = {
  visits: [
    counted('visits', 'var(--accent-fill)', ['visits']),
    counted('refusals', 'var(--bad-solid)', ['refusals']),
    counted('overrides', 'var(--warn-solid)', ['overrides']),
  ],
  points: [
    { name: 'earned', color: 'var(--ok-solid)', ofPoints: true, items: ['earned'], sign: 1 },
    {
      name: 'paid',
      color: 'var(--accent-fill)',
      ofPoints: true,
      items: ['paid', 'paymentsVoided'],
      sign: -1,
    },
    {
      name: 'otherPoints',
      color: 'var(--warn-solid)',
      ofPoints: true,
      items: ['deductionPrices', 'adjusted', 'expired', 'writtenOff'],
      sign: 1,
    },
  ],
  penalties: [
    {
      name: 'imposed',
      color: 'var(--bad-solid)',
      ofPoints: true,
      items: ['penalties', 'penaltiesVoided'],
      sign: 1,
    },
    {
      name: 'deducted',
      color: 'var(--ok-solid)',
      ofPoints: true,
      items: ['deductions', 'deductionsVoided', 'lapsed'],
      sign: -1,
    },
  ],
};

/** The value of a series in some figures: of the facility, else of this terminal where only it is known. */
export function figureOf(lines: readonly DayLine[], { items, ofPoints, sign }: Series): number {
  const all = lines
    .filter(({ item }) => items.includes(item))
    .map(({ here, facility }) => facility ?? here)
    .reduce((sum, { count, points }) => sum + (ofPoints ? points : count), 0);
  // Not -0.
  return all === 0 ? 0 : sign * all;
}

/** How many were inside on average in an hour of the day. */
export const averageInside = (insideMs: number, days: number): number => insideMs / (days * 3_600_000);
