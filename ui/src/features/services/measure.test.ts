import { describe, expect, it } from 'vitest';
import { formatRate, latencyOf } from './measure';

describe('measures', () => {
  it.each([
    [0.01, '<0.1'],
    [0.2, '0.2'],
    [2.44, '2.4'],
    [9.96, '10'],
    [17.4, '17'],
    [1_234.4, '1,234'],
  ])('writes %d a minute as %s', (rate, text) => expect(formatRate(rate)).toBe(text));

  it.each([
    [0.02, '<0.1', 'ms'],
    [3.14, '3.1', 'ms'],
    [46.4, '46', 'ms'],
    [344, '340', 'ms'],
    [996, '1.0', 's'],
    [1_240, '1.2', 's'],
    [61_000, '1.0', 'min'],
    [11_400_000, '3.2', 'h'],
  ] as const)('writes %d ms as %s %s', (ms, value, unit) => expect(latencyOf(ms)).toEqual({ value, unit }));
});
