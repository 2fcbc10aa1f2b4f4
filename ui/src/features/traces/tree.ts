import type { TraceSpan } from '../../backend';

/** A span with its depth in the tree of spans. */
export interface SpanLine {
  span: TraceSpan;
  depth: number;
  /** True if the span has a parent that this terminal didn't record. */
  isCutOff: boolean;
}

/** Orders spans as a tree: each span once, parents before their children, siblings by their start. */
export function linesOf(spans: readonly TraceSpan[]): SpanLine[] {
  const ids = new Set(spans.map(({ spanId }) => spanId));
  const children = new Map<string | null, TraceSpan[]>();
  for (const span of spans) {
    const parent = span.parentId !== null && ids.has(span.parentId) ? span.parentId : null;
    children.set(parent, [...(children.get(parent) ?? []), span]);
  }
  const lines: SpanLine[] = [];
  const seen = new Set<string>();
  // Uses a stack instead of recursion, because a trace may be too deep for the call stack.
  const addSubtrees = (roots: readonly TraceSpan[]) => {
    const stack = roots.map((span) => ({ span, depth: 0 })).reverse();
    for (let next = stack.pop(); next; next = stack.pop()) {
      const { span, depth } = next;
      if (seen.has(span.spanId)) continue;
      seen.add(span.spanId);
      lines.push({ span, depth, isCutOff: depth === 0 && span.parentId !== null });
      const below = children.get(span.spanId) ?? [];
      for (const child of [...below].reverse()) stack.push({ span: child, depth: depth + 1 });
    }
  };
  addSubtrees(children.get(null) ?? []);
  // Add spans that have no root because their parents form a cycle.
  for (const span of spans) if (!seen.has(span.spanId)) addSubtrees([span]);
  return lines;
}
