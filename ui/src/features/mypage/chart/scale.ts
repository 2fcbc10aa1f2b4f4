/** A linear map from a domain to pixels. */
export interface Scale {
  (value: number): number;
  invert(pixel: number): number;
  /** The pixel positions of the domain's two ends. */
  range0: number;
  range1: number;
}

export function linear(domain: readonly [number, number], range: readonly [number, number]): Scale {
  const [d0, d1] = domain;
  const [r0, r1] = range;
  const span = d1 - d0 || 1;
  const scale = ((value: number) => r0 + ((value - d0) / span) * (r1 - r0)) as Scale;
  scale.invert = (pixel) => d0 + ((pixel - r0) / (r1 - r0 || 1)) * span;
  scale.range0 = r0;
  scale.range1 = r1;
  return scale;
}

/** Returns a round step (1, 2 or 5 times a power of ten), so that about `count` steps cover the span. */
function niceStep(span: number, count: number): number {
  const raw = Math.max(span / Math.max(count, 1), Number.MIN_VALUE);
  const power = 10 ** Math.floor(Math.log10(raw));
  const unit = raw / power;
  const step = unit <= 1 ? 1 : unit <= 2 ? 2 : unit <= 5 ? 5 : 10;
  return Math.max(step * power, 1);
}

/** Whole-number ticks that enclose `min`, `max` and zero. */
export function valueTicks(min: number, max: number, count: number): number[] {
  const low = Math.min(min, 0);
  const high = Math.max(max, 0);
  if (low === high) return [0, 100];
  const step = niceStep(high - low, count);
  const first = Math.floor(low / step) * step;
  const last = Math.ceil(high / step) * step;
  const ticks: number[] = [];
  for (let value = first; value <= last + step / 2; value += step) ticks.push(Math.round(value));
  return ticks;
}
