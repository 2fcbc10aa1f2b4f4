import type { ContextState, EdgeKind, EdgeMeasure, ServiceEdge, ServiceNode, ServicesView } from '../types';
import type { Scenario } from './scenario';
import { contextsView, NAMES } from './services';
import { refuse, type World } from './world';

const MINUTE_MS = 60_000;
const RECENT_MINUTES = 5;
const HOURS_MINUTES = 240;
const DAY_MINUTES = 1_440;
const SILENT_MS = 2 * MINUTE_MS;

type Kind = [from: string, to: string, kind: EdgeKind, perMinute: number, p50Ms: number, p99Ms: number];

/** The edges of the service graph, with the traffic of a usual day. */
const EDGES: readonly Kind[] = [
  ['screen', 'check_in', 'request', 5.2, 3.1, 9.4],
  ['screen', 'pay', 'request', 1.4, 4.2, 12.1],
  ['screen', 'penalty', 'request', 0.2, 4.0, 8.3],
  ['screen', 'point', 'request', 0, 0, 0],
  ['screen', 'mypage', 'request', 8.6, 6.1, 31],
  ['screen', 'sqlite', 'request', 0.6, 3.0, 7.4],
  ['rest', 'check_in', 'request', 12, 2.8, 8.8],
  ['rest', 'pay', 'request', 0, 0, 0],
  ['rest', 'penalty', 'request', 0, 0, 0],
  ['rest', 'point', 'request', 0, 0, 0],
  ['rest', 'mypage', 'request', 0, 0, 0],
  ['rest', 'sqlite', 'request', 0, 0, 0],
  ['pay', 'point', 'request', 1.4, 0.02, 0.11],
  ['penalty', 'point', 'request', 0.2, 0.02, 0.09],
  ['check_in', 'sqlite', 'event', 17, 2.9, 9.1],
  ['pay', 'sqlite', 'event', 1.4, 4.0, 11.8],
  ['penalty', 'sqlite', 'event', 0.2, 3.9, 8.1],
  ['point', 'sqlite', 'event', 8.4, 3.2, 10.4],
  ['consumer', 'sqlite', 'event', 24, 5.1, 19],
  ['sqlite', 'check_in', 'event', 51, 0.8, 3.4],
  ['sqlite', 'point', 'event', 51, 0.9, 4.1],
  ['sqlite', 'penalty', 'event', 51, 0.7, 2.9],
  ['sqlite', 'mypage', 'event', 51, 1.2, 6.8],
  ['mypage', 'mypage_db', 'request', 22, 1.9, 8.2],
  ['sqlite', 'publisher', 'event', 27, 4.2, 21],
  ['publisher', 'kafka', 'event', 27, 11, 46],
  ['kafka', 'consumer', 'event', 24, 61, 1_240],
];

/**
 * Returns a factor that varies the traffic a little, so that one sees the screen update. Constant if `latencyMs` is 0.
 */
function breath(scenario: Scenario, edge: number): number {
  return scenario.latencyMs === 0 ? 1 : 1 + 0.08 * Math.sin(Date.now() / 9_000 + edge);
}

export function servicesView(world: World): ServicesView {
  const { scenario, replication, services } = world;
  const now = Date.now();
  if (scenario.services === 'broken')
    throw refuse('storage_failed', { detail: 'journal.db: disk I/O error' });
  const { sync } = scenario;
  const kafka: ContextState =
    sync === 'alone'
      ? 'stopped'
      : sync === 'offline'
        ? 'failing'
        : replication.reading
          ? 'catching_up'
          : 'running';
  const node = (id: string, kind: ServiceNode['kind'], state: ContextState | null): ServiceNode => ({
    id,
    kind,
    name: null,
    state,
    lastHeardAt: null,
  });
  const terminals = replication.others.map(
    ({ terminalId, name, lastHeardAt }): ServiceNode => ({
      id: terminalId,
      kind: 'terminal',
      name,
      lastHeardAt,
      state: lastHeardAt === null ? null : now - lastHeardAt > SILENT_MS ? 'stopped' : 'running',
    }),
  );
  const stops = (id: string) => id in services && services[id as (typeof NAMES)[number]].state === 'stopped';
  const isStill = ([from, to]: Kind) =>
    scenario.services === 'quiet' ||
    stops(from) ||
    (['pay', 'penalty'].includes(from) && to === 'sqlite' && services.point.state !== 'running') ||
    (stops(to) && from === 'sqlite') ||
    (kafka !== 'running' && [from, to].includes('kafka')) ||
    (!['running', 'catching_up'].includes(kafka) && from === 'consumer');
  const isRefused = ([, to, kind]: Kind) =>
    kind === 'request' && (stops(to) || (to === 'point' && services.point.state === 'failing'));
  const fromTerminals = terminals
    .slice(0, 3)
    .map(
      ({ id, state }, at): Kind => [id, 'kafka', 'event', state === 'running' ? 12 / (at + 1) : 0, 58, 900],
    );
  const edges = [...EDGES, ...fromTerminals].map((edge, at): ServiceEdge => {
    const [from, to, kind, usual, p50Ms, p99Ms] = edge;
    const rate = isStill(edge) ? 0 : usual * breath(scenario, at);
    const over = (span: number, refused: boolean): EdgeMeasure => {
      const minutes = Math.min(span, Math.max(1, (now - world.startedAt) / MINUTE_MS));
      const count = Math.round(rate * minutes);
      const passed = count > 0;
      return {
        count,
        ratePerMinute: count / minutes,
        errors: refused ? count : 0,
        p50Ms: passed ? p50Ms : null,
        p99Ms: passed ? p99Ms : null,
      };
    };
    return {
      from,
      to,
      kind,
      recent: over(RECENT_MINUTES, isRefused(edge)),
      hours: over(HOURS_MINUTES, isRefused(edge)),
      day: over(DAY_MINUTES, isRefused(edge)),
    };
  });
  return {
    asOf: now,
    measuredSince: world.startedAt,
    contexts: contextsView(world),
    nodes: [
      node('screen', 'caller', null),
      node('rest', 'caller', null),
      ...NAMES.map((name) => node(name, 'context', services[name].state)),
      node('sqlite', 'sqlite', 'running'),
      node('mypage_db', 'mypage_db', null),
      node('kafka', 'kafka', kafka),
      ...terminals,
    ],
    edges,
  };
}
