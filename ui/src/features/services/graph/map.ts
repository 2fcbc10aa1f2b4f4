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
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../../shared/time';

/** The periods of measurements: the last five minutes, four hours or a day. */
export const SPANS = ['recent', 'hours', 'day'] as const;
export type Span = (typeof SPANS)[number];
export const SPAN_MS: Record<Span, number> = {
  recent: 5 * MINUTE_MS,
  hours: 4 * HOUR_MS,
  day: DAY_MS,
};

/** The window and the gateway, drawn as one node. */
export const CALLERS = 'callers';
export const MYPAGE_DB = 'mypage_db';
export const JOURNAL = 'sqlite';
export const KAFKA = 'kafka';

/** `blocked`: requests or events on this edge are refused or fail. `still`: there is no traffic, as expected. */
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
  /** The edges to draw: those of the window and the gateway are merged, those of terminals are left out. */
  edges: MapEdge[];
  /** The edges as measured: the window, the gateway and each terminal separately. */
  measured: MapEdge[];
}

/** Converts the program's answer to the graph of one period. */
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
    const measure = before ? mergeMeasures(before, one.measure) : one.measure;
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

/** Adds up two measures. Takes the higher 99th percentile as an upper bound; a common median can't be derived. */
function mergeMeasures(one: EdgeMeasure, other: EdgeMeasure): EdgeMeasure {
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
    // Other contexts still answer requests while they are failing; only point refuses them.
    if (answers === 'stopped' || (to === 'point' && answers === 'failing')) return 'blocked';
    const breaker = to === 'point' ? contexts.get(from)?.breaker : null;
    return breaker && breaker.state !== 'closed' ? 'blocked' : 'plain';
  }
  if (stateOf(to) === 'stopped') return 'still';
  return stateOf(to) === 'failing' ? 'blocked' : 'plain';
}

/** Returns true if a context refuses requests because the context point, which it calls, is unavailable. */
export function refusesForPoint(contexts: Contexts, name: ContextName): boolean {
  if (name !== 'pay' && name !== 'penalty') return false;
  const point = contexts.get('point')?.state;
  const breaker = contexts.get(name)?.breaker?.state;
  return point === 'stopped' || point === 'failing' || (breaker !== undefined && breaker !== 'closed');
}

/** Returns true if a context has no work because no Kafka cluster is configured. */
export function isNotSetUp({ kafka }: Pick<ServiceMap, 'kafka'>, name: ContextName): boolean {
  return kafka === 'stopped' && (name === 'publisher' || name === 'consumer');
}

/** The node to show first: a failing context, else a stopped one, else point, on which most others depend. */
export function initialNode(contexts: readonly ContextView[]): string {
  const worst = (['failing', 'stopped'] as const)
    .map((state) => contexts.find((context) => context.state === state))
    .find(Boolean);
  return worst?.name ?? 'point';
}
