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

describe('the tree of a trace', () => {
  it('puts children under their parents, in the order in which they began', () => {
    expect(shown([span('a', null), span('b', 'a'), span('c', 'b'), span('d', 'a'), span('e', 'b')])).toEqual([
      'a0',
      'b1',
      'c2',
      'e2',
      'd1',
    ]);
  });

  it('takes a child that began before its parent, as clocks may have it', () => {
    expect(shown([span('b', 'a'), span('a', null)])).toEqual(['a0', 'b1']);
  });

  it('begins anew where the span before is another terminal’s, and says so of that one alone', () => {
    expect(shown([span('a', 'far'), span('b', 'a'), span('c', 'elsewhere')])).toEqual(['a0!', 'b1', 'c0!']);
  });

  it('shows every span once, though they name each other or themselves', () => {
    expect(
      shown([span('a', 'b'), span('b', 'a'), span('c', 'c'), span('d', null)]).map((id) => id[0]),
    ).toEqual(['d', 'a', 'b', 'c']);
  });

  it('goes as deep as a trace may', () => {
    const deep = Array.from({ length: 20_000 }, (_, n) => span(`s${n}`, n === 0 ? null : `s${n - 1}`));
    expect(linesOf(deep).at(-1)?.depth).toBe(19_999);
  });
});
