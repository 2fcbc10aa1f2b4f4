import { type CalendarDate, DAY_MS, koreanDate, startOfKoreanDate } from '../../../shared/time';

export type TickUnit = 'day' | 'month' | 'year';
export interface TimeTick extends CalendarDate {
  at: number;
  unit: TickUnit;
}

function tick(year: number, month: number, day: number, unit: TickUnit): TimeTick {
  const at = startOfKoreanDate(year, month, day);
  return { at, unit, ...koreanDate(at) };
}

/** Ticks at days, weeks, months or years, with a step that gives at most about `count` of them. */
export function timeTicks(from: number, to: number, count: number): TimeTick[] {
  const { year, month, day } = koreanDate(from);
  const days = (to - from) / DAY_MS;
  const within = (ticks: TimeTick[]) => ticks.filter((t) => t.at >= from && t.at <= to);

  if (days <= 45) {
    const step = [1, 2, 7, 14].find((s) => days / s <= count) ?? 14;
    const ticks: TimeTick[] = [];
    for (let i = 0; i <= days + 1; i += step) {
      ticks.push(tick(year, month, day + i, 'day'));
    }
    return within(ticks);
  }
  const months = days / 30.4;
  const step = [1, 2, 3, 6].find((s) => months / s <= count);
  const ticks: TimeTick[] = [];
  if (step !== undefined) {
    const first = Math.floor((month - 1) / step) * step + 1;
    for (let i = 0; i <= months + 2 * step; i += step) ticks.push(tick(year, first + i, 1, 'month'));
    return within(ticks);
  }
  const years = Math.max(1, Math.ceil(days / 365 / count));
  for (let i = 0; i <= days / 365 + years; i += years) ticks.push(tick(year + i, 1, 1, 'year'));
  return within(ticks);
}
