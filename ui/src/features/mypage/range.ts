import { type DateRange, monthsBefore } from '../../shared/dates';
import { formatIsoDate } from '../../shared/time';

export type Preset = 'month1' | 'month3' | 'month6' | 'everything';
export const PRESETS: readonly Preset[] = ['month1', 'month3', 'month6', 'everything'];

const MONTHS: Record<Exclude<Preset, 'everything'>, number> = { month1: 1, month3: 3, month6: 6 };

export function presetRange(preset: Preset, now: number): DateRange {
  if (preset === 'everything') return {};
  const to = formatIsoDate(now);
  return { from: monthsBefore(to, MONTHS[preset]), to };
}

/** The preset that equals a range; null for any other range. */
export function presetOf(range: DateRange, now: number): Preset | null {
  const same = (preset: Preset) => {
    const other = presetRange(preset, now);
    return other.from === range.from && other.to === range.to;
  };
  return PRESETS.find(same) ?? null;
}

/** What was chosen: a preset follows the day over midnight, two dates stay. */
export type ChosenRange = Preset | DateRange;

export const rangeOf = (chosen: ChosenRange, now: number): DateRange =>
  typeof chosen === 'string' ? presetRange(chosen, now) : chosen;

/** What to read for a range: one that ends today has no end, so that it has what a clock ahead stamped for tomorrow. */
export const readRange = (range: DateRange, now: number): DateRange =>
  range.to === formatIsoDate(now) ? { from: range.from } : range;
