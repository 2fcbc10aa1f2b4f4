import { HOUR_MS, MINUTE_MS, SECOND_MS } from '../../shared/time';

export type Unit = 'ms' | 's' | 'min' | 'h';
const UNITS: Record<Unit, number> = { ms: 1, s: SECOND_MS, min: MINUTE_MS, h: HOUR_MS };

export interface SpanDuration {
  value: string;
  unit: Unit;
}

const unitOf = (ms: number): Unit => (ms < 999.5 ? 'ms' : ms < MINUTE_MS ? 's' : ms < HOUR_MS ? 'min' : 'h');

/** Rounds a duration to three significant digits, with a fitting unit. Spans are measured in microseconds. */
export function spanDuration(ms: number): SpanDuration {
  const unit = unitOf(ms);
  const value = ms / UNITS[unit];
  if (value < 0.995) return { value: String(Number(value.toPrecision(2))), unit };
  if (value < 9.995) return { value: value.toFixed(2), unit };
  return { value: value < 99.95 ? value.toFixed(1) : value.toFixed(0), unit };
}

const INTERVALS_MAX = 5;

export interface Tick {
  /** The tick's position, from 0 (start of the trace) to 1 (end). */
  at: number;
  took: SpanDuration;
}

/** Returns ticks at round times along a trace, beginning at 0; for a duration of 0, only the tick at 0. */
export function ticksOf(totalMs: number): Tick[] {
  const unit = unitOf(totalMs);
  const total = totalMs / UNITS[unit];
  if (total <= 0) return [{ at: 0, took: { value: '0', unit } }];
  const rough = total / INTERVALS_MAX;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = ([1, 2, 5, 10].find((each) => each * power >= rough) ?? 10) * power;
  const count = Math.floor(total / step + 1e-9);
  return Array.from({ length: count + 1 }, (_, n) => {
    const value = Number((n * step).toPrecision(6));
    return { at: value / total, took: { value: String(value), unit } };
  });
}
