const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;

export type Unit = 'ms' | 's' | 'min' | 'h';
const UNITS: Record<Unit, number> = { ms: 1, s: SECOND_MS, min: MINUTE_MS, h: HOUR_MS };

export interface Took {
  value: string;
  unit: Unit;
}

const unitOf = (ms: number): Unit => (ms < 999.5 ? 'ms' : ms < MINUTE_MS ? 's' : ms < HOUR_MS ? 'min' : 'h');

/** Three digits that count; spans are right to the microsecond. */
export function tookOf(ms: number): Took {
  const unit = unitOf(ms);
  const value = ms / UNITS[unit];
  if (value < 0.995) return { value: String(Number(value.toPrecision(2))), unit };
  if (value < 9.995) return { value: value.toFixed(2), unit };
  return { value: value < 99.95 ? value.toFixed(1) : value.toFixed(0), unit };
}

const PARTS_MAX = 5;

export interface Tick {
  /** 0 to 1, from the beginning to the end. */
  at: number;
  took: Took;
}

/** Round times along a trace, the beginning among them; that alone where no time passed. */
export function ticksOf(totalMs: number): Tick[] {
  const unit = unitOf(totalMs);
  const total = totalMs / UNITS[unit];
  if (total <= 0) return [{ at: 0, took: { value: '0', unit } }];
  const rough = total / PARTS_MAX;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = ([1, 2, 5, 10].find((each) => each * power >= rough) ?? 10) * power;
  const count = Math.floor(total / step + 1e-9);
  return Array.from({ length: count + 1 }, (_, n) => {
    const value = Number((n * step).toPrecision(6));
    return { at: value / total, took: { value: String(value), unit } };
  });
}
