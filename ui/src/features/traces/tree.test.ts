import { describe, expect, it } from 'vitest';
import type { TraceSpan } from '../../backend';
import { linesOf } from './tree';

const span = (spanId: string, parentId: string | null): TraceSpan => ({
  spanId,
  parentId,
  step: 'command',
  subject: 'pay',
  offsetMs: 0,
  tookMs: 1,
  problem: null,
  attributes: {},
  links: [],
});
const shown = (spans: TraceSpan[]) =>
  linesOf(spans).map(({ span: { spanId }, depth, isCutOff }) => `${spanId}${depth}${isCutOff ? '!' : ''}`);

describe('linesOf', () => {
  it('orders children below their parents by their start', () => {
    expect(shown([span('a', null), span('b', 'a'), span('c', 'b'), span('d', 'a'), span('e', 'b')])).toEqual([
      'a0',
      'b1',
      'c2',
      'e2',
      'd1',
    ]);
  });

  it('accepts a child that began before its parent, as clocks may differ', () => {
    expect(shown([span('b', 'a'), span('a', null)])).toEqual(['a0', 'b1']);
  });

  it('starts a new tree at a span whose parent is on another terminal', () => {
    expect(shown([span('a', 'far'), span('b', 'a'), span('c', 'elsewhere')])).toEqual(['a0!', 'b1', 'c0!']);
  });

  it('returns every span once despite cycles of parents', () => {
    expect(
      shown([span('a', 'b'), span('b', 'a'), span('c', 'c'), span('d', null)]).map((id) => id[0]),
    ).toEqual(['d', 'a', 'b', 'c']);
  });

  it('handles a trace 20,000 spans deep', () => {
    const deep = Array.from({ length: 20_000 }, (_, n) => span(`s${n}`, n === 0 ? null : `s${n - 1}`));
    expect(linesOf(deep).at(-1)?.depth).toBe(19_999);
  });
});
