import type {
  ContextName,
  ContextState,
  ContextView,
  EdgeKind,
  EdgeMeasure,
  ServiceEdge,
  ServiceNode,
  ServicesView,
} from '../../../backend';

/** What a measure is of: the last five minutes, four hours, or a day. */
export const SPANS = ['recent', 'hours', 'day'] as const;
export type Span = (typeof SPANS)[number];
export const SPAN_MS: Record<Span, number> = {
  recent: 5 * 60_000,
  hours: 4 * 3_600_000,
  day: 24 * 3_600_000,
};

/** The window and the gateway as the one way in. */
export const CALLERS = 'callers';
/** The store of Mypage. */
export const MYPAGE_DB = 'mypage_db';
export const JOURNAL = 'sqlite';
export const KAFKA = 'kafka';

/** `blocked`: what should pass is refused or fails. `still`: nothing passes, and nothing is wrong with that. */
export type EdgeTone = 'plain' | 'blocked' | 'still';

export interface MapEdge {
  id: string;
  from: string;
  to: string;
  kind: EdgeKind;
  tone: EdgeTone;
  measure: EdgeMeasure;
}

export interface ServiceMap {
  contexts: ReadonlyMap<string, ContextView>;
  kafka: ContextState;
  terminals: ServiceNode[];
  /** The edges as they are drawn: the window and the gateway as one. */
  edges: MapEdge[];
  /** The edges as they are measured: the window and the gateway apart, and each terminal that records came from. */
  measured: MapEdge[];
}

/** What goes on between contexts, as the program answers it. */
export function serviceMap(view: ServicesView, span: Span): ServiceMap {
  const byName = new Map<string, ContextView>(view.contexts.map((context) => [context.name, context]));
  const kafka = view.nodes.find(({ kind }) => kind === 'kafka')?.state ?? 'stopped';
  const callers = new Set(view.nodes.filter(({ kind }) => kind === 'caller').map(({ id }) => id));
  const terminals = view.nodes.filter(({ kind }) => kind === 'terminal');
  const isFromTerminal = ({ from }: MapEdge) => terminals.some(({ id }) => id === from);
  const measured = view.edges.map(
    ({ from, to, kind, [span]: measure }: ServiceEdge): MapEdge => ({
      id: idOf(from, to),
      from,
      to,
      kind,
      tone: toneOf({ from, to, kind }, byName, kafka),
      measure,
    }),
  );
  const merged = new Map<string, MapEdge>();
  for (const one of measured.filter((edge) => !isFromTerminal(edge))) {
    const from = callers.has(one.from) ? CALLERS : one.from;
    const id = idOf(from, one.to);
    const before = merged.get(id)?.measure;
    const measure = before ? together(before, one.measure) : one.measure;
    merged.set(id, { ...one, id, from, measure });
  }
  return {
    contexts: byName,
    kafka,
    terminals,
    edges: [...merged.values()],
    measured,
  };
}

const idOf = (from: string, to: string) => `${from} ${to}`;

/** The 99th percentile of both is at most the higher one; of the middle of both nothing can be said. */
function together(one: EdgeMeasure, other: EdgeMeasure): EdgeMeasure {
  if (one.count === 0) return other;
  if (other.count === 0) return one;
  return {
    count: one.count + other.count,
    ratePerMinute: one.ratePerMinute + other.ratePerMinute,
    errors: one.errors + other.errors,
    p50Ms: null,
    p99Ms: Math.max(one.p99Ms ?? 0, other.p99Ms ?? 0),
  };
}

type Contexts = ReadonlyMap<string, ContextView>;

function toneOf(
  { from, to, kind }: Pick<MapEdge, 'from' | 'to' | 'kind'>,
  contexts: Contexts,
  kafka: ContextState,
): EdgeTone {
  const stateOf = (id: string) => contexts.get(id)?.state;
  const apart = new Set(['publisher', 'consumer']);
  if (kafka === 'stopped' && (apart.has(from) || apart.has(to))) return 'still';
  if (kafka === 'failing' && [from, to].includes(KAFKA)) return 'still';
  if (stateOf(from) === 'stopped') return 'still';
  if (kind === 'request') {
    const answers = stateOf(to);
    // Point alone refuses while it fails; the others answer from what they have.
    if (answers === 'stopped' || (to === 'point' && answers === 'failing')) return 'blocked';
    const breaker = to === 'point' ? contexts.get(from)?.breaker : null;
    return breaker && breaker.state !== 'closed' ? 'blocked' : 'plain';
  }
  if (stateOf(to) === 'stopped') return 'still';
  return stateOf(to) === 'failing' ? 'blocked' : 'plain';
}

/** Whether a context refuses because point, which it calls, doesn't answer. */
export function refusesForPoint(contexts: Contexts, name: ContextName): boolean {
  if (name !== 'pay' && name !== 'penalty') return false;
  const point = contexts.get('point')?.state;
  const breaker = contexts.get(name)?.breaker?.state;
  return point === 'stopped' || point === 'failing' || (breaker !== undefined && breaker !== 'closed');
}

/** Contexts that have nothing to do without a cluster. */
export function isNotSetUp({ kafka }: Pick<ServiceMap, 'kafka'>, name: ContextName): boolean {
  return kafka === 'stopped' && (name === 'publisher' || name === 'consumer');
}

/** What a person should look at first: what fails, then what is stopped; else point, on which most depends. */
export function firstToLookAt(contexts: readonly ContextView[]): string {
  const worst = (['failing', 'stopped'] as const)
    .map((state) => contexts.find((context) => context.state === state))
    .find(Boolean);
  return worst?.name ?? 'point';
}
