import { describe, expect, it } from 'vitest';
import { spanDuration, ticksOf } from './spanDuration';

const text = (ms: number) => `${spanDuration(ms).value} ${spanDuration(ms).unit}`;

describe('spanDuration', () => {
  it('has three significant digits and a fitting unit', () => {
    expect([0, 0.001, 0.042, 0.386, 1, 9.99, 9.999, 18.93].map(text)).toEqual([
      '0 ms',
      '0.001 ms',
      '0.042 ms',
      '0.39 ms',
      '1.00 ms',
      '9.99 ms',
      '10.0 ms',
      '18.9 ms',
    ]);
    expect([213, 999.4, 999.6, 5_004, 61_000, 7_200_000].map(text)).toEqual([
      '213 ms',
      '999 ms',
      '1.00 s',
      '5.00 s',
      '1.02 min',
      '2.00 h',
    ]);
  });
});

describe('ticksOf', () => {
  const labels = (ms: number) => ticksOf(ms).map(({ took: { value, unit } }) => `${value} ${unit}`);

  it('returns at most six ticks at round times', () => {
    expect(labels(33.9)).toEqual(['0 ms', '10 ms', '20 ms', '30 ms']);
    expect(labels(0.0042)).toEqual(['0 ms', '0.001 ms', '0.002 ms', '0.003 ms', '0.004 ms']);
    expect(labels(5_000)).toEqual(['0 s', '1 s', '2 s', '3 s', '4 s', '5 s']);
    for (let ms = 0.001; ms < 1e8; ms *= 1.7) expect(labels(ms).length).toBeLessThanOrEqual(6);
  });

  it('returns positions from 0 to 1', () => {
    expect(ticksOf(40).map(({ at }) => at)).toEqual([0, 0.25, 0.5, 0.75, 1]);
  });

  it('returns only the start for a duration of 0', () => {
    expect(ticksOf(0)).toEqual([{ at: 0, took: { value: '0', unit: 'ms' } }]);
  });
});
