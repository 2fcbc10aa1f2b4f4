import { formatNumber } from '../../shared/format';

const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;

/** Two digits that count: measures are right to a tenth. */
function digits(value: number): string {
  if (value < 0.095) return '<0.1';
  if (value < 9.95) return value.toFixed(1);
  if (value < 99.5) return String(Math.round(value));
  return formatNumber(Math.round(value / 10) * 10);
}

/** A rate per minute: `17`, `2.4`, `<0.1`. */
export function formatRate(perMinute: number): string {
  return perMinute < 99.5 ? digits(perMinute) : formatNumber(Math.round(perMinute));
}

export interface Latency {
  value: string;
  unit: 'ms' | 's' | 'min' | 'h';
}

/** `9.1 ms`, `1.2 s`; records read after a long time offline are minutes or hours old. */
export function latencyOf(ms: number): Latency {
  if (ms < 995) return { value: digits(ms), unit: 'ms' };
  if (ms < MINUTE_MS) return { value: digits(ms / SECOND_MS), unit: 's' };
  if (ms < HOUR_MS) return { value: digits(ms / MINUTE_MS), unit: 'min' };
  return { value: digits(ms / HOUR_MS), unit: 'h' };
}
