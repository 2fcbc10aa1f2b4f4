import type {
  BreakerView,
  Command,
  ContextName,
  ContextProblem,
  ContextState,
  ContextView,
  EdgeKind,
  EdgeMeasure,
  ServiceEdge,
  ServiceNode,
  ServicesView,
  StoppedBy,
} from '../types';
import { masked } from './exchange';
import type { Scenario } from './scenario';
import { refuse, type World } from './world';

const MINUTE_MS = 60_000;
const RECENT_MINUTES = 5;
const HOURS_MINUTES = 240;
const DAY_MINUTES = 1_440;
/** The program began so long ago. */
const RUNS_MINUTES = 96;
const BREAKER_PAUSE_MS = 8_000;
const ATTEMPTS_MS = 10_000;
const SILENT_MS = 2 * MINUTE_MS;

/** What is kept of a context; the rest of its view is worked out. */
export interface MockContext {
  state: ContextState;
  since: number;
  /** What it was behind when its state began. */
  behind: number;
  /** How many records there were then. */
  records: number;
  errors: number;
  retries: number;
  restarts: number;
  setAside: number;
  attempt: number | null;
  stoppedBy: StoppedBy | null;
  lastErrors: ContextProblem[];
}

const NAMES: readonly ContextName[] = [
  'check_in',
  'point',
  'pay',
  'penalty',
  'mypage',
  'publisher',
  'consumer',
];
const FOLLOWERS: readonly ContextName[] = ['check_in', 'point', 'penalty', 'mypage'];
/** Changes of the feed before the seed's own records. */
const EARLIER_CHANGES = 41_000;

type Kind = [from: string, to: string, kind: EdgeKind, perMinute: number, p50Ms: number, p99Ms: number];

/** The map, with what passes on a usual day. */
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

const quiet = (now: number): MockContext => ({
  state: 'running',
  since: now - RUNS_MINUTES * MINUTE_MS,
  behind: 0,
  records: 0,
  errors: 0,
  retries: 0,
  restarts: 0,
  setAside: 0,
  attempt: null,
  stoppedBy: null,
  lastErrors: [],
});

export type MockServices = Record<ContextName, MockContext>;

/** The contexts as a scenario wants them. */
export function seedServices({ services }: Scenario): MockServices {
  const now = Date.now();
  const contexts = Object.fromEntries(NAMES.map((name) => [name, quiet(now)])) as MockServices;
  const since = now - 16 * MINUTE_MS;
  if (services === 'stopped')
    Object.assign(contexts.point, {
      state: 'stopped',
      since,
      behind: 38,
      stoppedBy: { at: since, via: 'screen', role: 'manager', staffName: '김○아', reason: '점검' },
    });
  if (services === 'failing') {
    const busy = 'projector: database disk image is malformed';
    Object.assign(contexts.mypage, {
      state: 'failing',
      since: now - 3 * MINUTE_MS,
      behind: 812,
      errors: 7,
      retries: 6,
      attempt: 8,
      lastErrors: [7, 5, 3, 2, 1].map((minutes) => ({ at: now - minutes * MINUTE_MS, detail: busy })),
    });
    Object.assign(contexts.point, {
      state: 'failing',
      since: now - MINUTE_MS,
      behind: 3,
      errors: 4,
      restarts: 2,
      setAside: 1,
      attempt: 5,
      lastErrors: [
        {
          at: now - MINUTE_MS,
          detail: 'earning panicked: index out of bounds: the len is 3 but the index is 3',
        },
      ],
    });
    Object.assign(contexts.consumer, { state: 'catching_up', since: now - MINUTE_MS, behind: 12_480 });
  }
  return contexts;
}

/** Refuses what a stopped context would have to take, before anything is recorded. */
export function checkContexts(world: World, { type }: Command): void {
  const owner: Partial<Record<Command['type'], ContextName>> = {
    checkIn: 'check_in',
    checkOut: 'check_in',
    checkOutArea: 'check_in',
    closeVisit: 'check_in',
    voidVisit: 'check_in',
    pay: 'pay',
    voidPayment: 'pay',
    imposePenalty: 'penalty',
    deductPenalty: 'penalty',
    voidPenalty: 'penalty',
  };
  const context = owner[type];
  if (context) checkOpen(world, context);
}

export function checkOpen(world: World, context: ContextName): void {
  if (world.services[context].state === 'stopped') throw refuse('context_stopped', { context });
}

/** Point answers its callers, or tells why not. */
export function checkPoint(world: World): void {
  const { state } = world.services.point;
  if (state === 'stopped') throw refuse('point_unavailable', { reason: 'stopped', retryAfterMs: 5_000 });
  if (state === 'failing') throw refuse('point_unavailable', { reason: 'open', retryAfterMs: 8_000 });
}

export function stopContext(world: World, name: ContextName, reason: string | null): void {
  const wasStopped = world.services[name].state === 'stopped';
  if (reason && reason.length > 80) throw refuse('too_long', { field: 'reason', max: 80 });
  switchTo(world, name, 'stopped', lagOf(world, name));
  const { role, name: full } = world.staff;
  if (wasStopped) return;
  world.services[name].stoppedBy = { at: Date.now(), via: 'screen', role, staffName: masked(full), reason };
}

export function startContext(world: World, name: ContextName): void {
  switchTo(world, name, 'running', 0);
  Object.assign(world.services[name], { stoppedBy: null, attempt: null });
}

function switchTo(world: World, name: ContextName, state: ContextState, behind: number): void {
  if (world.staff.role !== 'manager') throw refuse('not_authorised', { needed: 'manager' });
  if (world.services[name].state === state) return;
  const records = world.records.length;
  Object.assign(world.services[name], { state, since: Date.now(), behind, records });
}

function lagOf({ services, records, scenario }: World, name: ContextName): number {
  const { state, behind, records: then } = services[name];
  if (name === 'pay' || (scenario.sync === 'alone' && !FOLLOWERS.includes(name))) return 0;
  return state === 'running' ? 0 : behind + Math.max(0, records.length - then);
}

function breakerOf(world: World, name: ContextName): BreakerView | null {
  if (name !== 'pay' && name !== 'penalty') return null;
  if (world.services.point.state !== 'failing') {
    return { state: 'closed', failures: 0, openedAt: null, retryAt: null };
  }
  const openedAt = world.services.point.since;
  const tries = Math.ceil((Date.now() - openedAt + 1) / BREAKER_PAUSE_MS);
  return { state: 'open', failures: tries + 2, openedAt, retryAt: openedAt + tries * BREAKER_PAUSE_MS };
}

function contextsView(world: World): ContextView[] {
  const now = Date.now();
  const written = EARLIER_CHANGES + world.records.length;
  return NAMES.map((name) => {
    const { behind, records, ...kept } = world.services[name];
    const lag = lagOf(world, name);
    const visits = world.visits.filter(({ status }) => status === 'CHECKED_OUT').length;
    const oldestAt = lag > 0 && name !== 'consumer' ? kept.since : null;
    return {
      name,
      ...kept,
      checkpoint: FOLLOWERS.includes(name) ? written - lag : null,
      lag,
      oldestWaitingAt: oldestAt,
      visitsWaiting:
        name === 'point' && oldestAt !== null && visits > 0
          ? { count: visits, more: false, oldestAt: oldestAt + MINUTE_MS }
          : null,
      nextAttemptAt: kept.attempt === null ? null : now + ATTEMPTS_MS - (now % ATTEMPTS_MS),
      steps: 4_210,
      breaker: breakerOf(world, name),
    };
  });
}

/** A little up and down, so that a live screen is seen to live; still where answers take no time, as in tests. */
function breath(scenario: Scenario, edge: number): number {
  return scenario.latencyMs === 0 ? 1 : 1 + 0.08 * Math.sin(Date.now() / 9_000 + edge);
}

export function servicesView(world: World): ServicesView {
  const { scenario, exchange, services } = world;
  const now = Date.now();
  if (scenario.services === 'broken')
    throw refuse('storage_failed', { detail: 'journal.db: disk I/O error' });
  const { sync } = scenario;
  const kafka: ContextState =
    sync === 'alone'
      ? 'stopped'
      : sync === 'offline'
        ? 'failing'
        : exchange.reading
          ? 'catching_up'
          : 'running';
  const node = (id: string, kind: ServiceNode['kind'], state: ContextState | null): ServiceNode => ({
    id,
    kind,
    name: null,
    state,
    lastHeardAt: null,
  });
  const terminals = exchange.others.map(
    ({ terminalId, name, lastHeardAt }): ServiceNode => ({
      id: terminalId,
      kind: 'terminal',
      name,
      lastHeardAt,
      state: lastHeardAt === null ? null : now - lastHeardAt > SILENT_MS ? 'stopped' : 'running',
    }),
  );
  const stops = (id: string) => id in services && services[id as ContextName].state === 'stopped';
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
      const minutes = Math.min(span, RUNS_MINUTES);
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
    measuredSince: now - RUNS_MINUTES * MINUTE_MS,
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
