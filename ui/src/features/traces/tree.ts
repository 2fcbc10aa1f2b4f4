import type { TraceSpan } from '../../backend';

/** A span in its place under the one that it came of. */
export interface Line {
  span: TraceSpan;
  depth: number;
  /** It names a span that isn't here. */
  isCutOff: boolean;
}

/** Every span once, parents before their children, each group in the order in which it began. */
export function linesOf(spans: readonly TraceSpan[]): Line[] {
  const ids = new Set(spans.map(({ spanId }) => spanId));
  const children = new Map<string | null, TraceSpan[]>();
  for (const span of spans) {
    const parent = span.parentId !== null && ids.has(span.parentId) ? span.parentId : null;
    children.set(parent, [...(children.get(parent) ?? []), span]);
  }
  const lines: Line[] = [];
  const seen = new Set<string>();
  // A stack, since a trace may be deeper than calls can be.
  const goDown = (roots: readonly TraceSpan[]) => {
    const waiting = roots.map((span) => ({ span, depth: 0 })).reverse();
    for (let next = waiting.pop(); next; next = waiting.pop()) {
      const { span, depth } = next;
      if (seen.has(span.spanId)) continue;
      seen.add(span.spanId);
      lines.push({ span, depth, isCutOff: depth === 0 && span.parentId !== null });
      const below = children.get(span.spanId) ?? [];
      for (const child of [...below].reverse()) waiting.push({ span: child, depth: depth + 1 });
    }
  };
  goDown(children.get(null) ?? []);
  // Spans that name each other as parents have no root.
  for (const span of spans) if (!seen.has(span.spanId)) goDown([span]);
  return lines;
}
