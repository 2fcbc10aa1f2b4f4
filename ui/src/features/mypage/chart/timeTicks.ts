const DAY_MS = 86_400_000;
/** Korea has kept UTC+9 without summer time since 1988; the facility's day is Asia/Seoul's. */
const SEOUL_MS = 9 * 3_600_000;

export type TickUnit = 'day' | 'month' | 'year';
export interface TimeTick {
  at: number;
  unit: TickUnit;
  year: number;
  /** 1 to 12. */
  month: number;
  day: number;
}

function tick(year: number, month: number, day: number, unit: TickUnit): TimeTick {
  const at = Date.UTC(year, month - 1, day) - SEOUL_MS;
  const seoul = new Date(at + SEOUL_MS);
  return {
    at,
    unit,
    year: seoul.getUTCFullYear(),
    month: seoul.getUTCMonth() + 1,
    day: seoul.getUTCDate(),
  };
}

/** The coarsest honest ticks: years, months, weeks or days, at most `count` of them. */
export function timeTicks(from: number, to: number, count: number): TimeTick[] {
  const start = new Date(from + SEOUL_MS);
  const year = start.getUTCFullYear();
  const month = start.getUTCMonth() + 1;
  const days = (to - from) / DAY_MS;
  const within = (ticks: TimeTick[]) => ticks.filter((t) => t.at >= from && t.at <= to);

  if (days <= 45) {
    const step = [1, 2, 7, 14].find((s) => days / s <= count) ?? 14;
    const ticks: TimeTick[] = [];
    for (let i = 0; i <= days + 1; i += step) {
      ticks.push(tick(year, month, start.getUTCDate() + i, 'day'));
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
