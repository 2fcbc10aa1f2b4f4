import { formatNumber } from '../../shared/format';
import { HOUR_MS, MINUTE_MS, SECOND_MS } from '../../shared/time';

/** Rounds to two significant digits, because measurements are accurate only to about 10 %. */
function twoDigits(value: number): string {
  if (value < 0.095) return '<0.1';
  if (value < 9.95) return value.toFixed(1);
  if (value < 99.5) return String(Math.round(value));
  return formatNumber(Math.round(value / 10) * 10);
}

/** A rate per minute: `17`, `2.4`, `<0.1`. */
export function formatRate(perMinute: number): string {
  return perMinute < 99.5 ? twoDigits(perMinute) : formatNumber(Math.round(perMinute));
}

export interface Latency {
  value: string;
  unit: 'ms' | 's' | 'min' | 'h';
}

/** A latency with a fitting unit: `9.1 ms`, `1.2 s`. Facts consumed after a long time offline take minutes or hours. */
export function latencyOf(ms: number): Latency {
  if (ms < 995) return { value: twoDigits(ms), unit: 'ms' };
  if (ms < MINUTE_MS) return { value: twoDigits(ms / SECOND_MS), unit: 's' };
  if (ms < HOUR_MS) return { value: twoDigits(ms / MINUTE_MS), unit: 'min' };
  return { value: twoDigits(ms / HOUR_MS), unit: 'h' };
}
