import type {
  BreakerView,
  ContextName,
  ContextProblem,
  ContextState,
  ContextView,
  StoppedBy,
  VisitsWaiting,
} from '../types';
import { checkText, STOP_REASON_MAX } from './limits';
import { masked } from './replication';
import type { Scenario } from './scenario';
import { awaitingEarning, factsOf, refuse, type World } from './world';

const MINUTE_MS = 60_000;
const BREAKER_PAUSE_MS = 8_000;
const ATTEMPTS_MS = 10_000;

/** The mock's state of a context, from which its view is derived. */
export interface MockContext {
  state: ContextState;
  since: number;
  /** The number of facts that the context hadn't processed when its present state began. */
  behind: number;
  /** The numbers of all facts and of the desk's entries when the present state began. */
  factsThen: number;
  recordsThen: number;
  errors: number;
  retries: number;
  restarts: number;
  setAside: number;
  attempt: number | null;
  stoppedBy: StoppedBy | null;
  lastErrors: ContextProblem[];
}

export const NAMES: readonly ContextName[] = [
  'check_in',
  'point',
  'pay',
  'penalty',
  'mypage',
  'publisher',
  'consumer',
];
const FOLLOWERS: readonly ContextName[] = ['check_in', 'point', 'penalty', 'mypage'];

const quiet = (since: number): MockContext => ({
  state: 'running',
  since,
  behind: 0,
  factsThen: 0,
  recordsThen: 0,
  errors: 0,
  retries: 0,
  restarts: 0,
  setAside: 0,
  attempt: null,
  stoppedBy: null,
  lastErrors: [],
});

export type MockServices = Record<ContextName, MockContext>;

/** Returns the contexts with which a scenario begins. */
export function seedServices({ services }: Scenario, startedAt: number): MockServices {
  const now = Date.now();
  const contexts = Object.fromEntries(NAMES.map((name) => [name, quiet(startedAt)])) as MockServices;
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

/** Imitates a restart of the program: every context runs, and all counts begin again. */
export function restart(world: World): void {
  world.startedAt = Date.now();
  const then = { factsThen: factsOf(world), recordsThen: world.records.length };
  for (const name of NAMES) world.services[name] = { ...quiet(world.startedAt), ...then };
}

/** Refuses a command if its context is stopped, or if the context needs point and point is unavailable. */
export function enterContext(world: World, context: ContextName): void {
  if (context !== 'point') checkOpen(world, context);
  if (['pay', 'penalty', 'point'].includes(context)) checkPoint(world);
}

export function checkOpen(world: World, context: ContextName): void {
  if (world.services[context].state === 'stopped') throw refuse('context_stopped', { context });
}

/** Refuses a call to point while point is stopped or failing. */
function checkPoint(world: World): void {
  const { state } = world.services.point;
  if (state === 'stopped') throw refuse('point_unavailable', { reason: 'stopped', retryAfterMs: 5_000 });
  if (state === 'failing') throw refuse('point_unavailable', { reason: 'open', retryAfterMs: 8_000 });
}

export function stopContext(world: World, name: ContextName, given: string | null): void {
  const reason = given?.trim() || null;
  if (reason) checkText('reason', reason, STOP_REASON_MAX);
  const { role, name: full } = world.staff;
  switchTo(world, name, 'stopped', lagOf(world, name));
  world.services[name].stoppedBy ??= { at: Date.now(), via: 'screen', role, staffName: masked(full), reason };
}

export function startContext(world: World, name: ContextName): void {
  switchTo(world, name, 'running', 0);
  Object.assign(world.services[name], { stoppedBy: null, attempt: null });
}

function switchTo(world: World, name: ContextName, state: ContextState, behind: number): void {
  if (world.services[name].state === state) return;
  const then = { factsThen: factsOf(world), recordsThen: world.records.length };
  Object.assign(world.services[name], { state, since: Date.now(), behind, ...then });
}

/**
 * Returns the number of facts that a context hasn't processed yet. For the publisher, these are the facts that aren't
 * in the cluster: all of them if no cluster is configured.
 */
function lagOf(world: World, name: ContextName): number {
  const { services, scenario } = world;
  const { state, behind, factsThen } = services[name];
  if (scenario.sync === 'alone' && name === 'publisher') return factsOf(world);
  if (name === 'pay' || (scenario.sync === 'alone' && name === 'consumer')) return 0;
  return state === 'running' ? 0 : behind + Math.max(0, factsOf(world) - factsThen);
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

/** Returns the time of the oldest fact that a context hasn't processed yet. */
function oldestOf({ services, records, scenario }: World, name: ContextName): number | null {
  const { behind, since, recordsThen } = services[name];
  if (name === 'consumer') return null;
  if (name === 'publisher' && scenario.sync === 'alone') return records[0]?.at ?? null;
  // The facts with which a scenario begins aren't among the entries, so the time of the state's beginning stands for
  // theirs.
  return behind > 0 ? since : (records[recordsThen]?.at ?? null);
}

/** Returns the number of check-outs whose points haven't been earned, and the oldest one's time. */
function visitsWaitingIn(world: World): VisitsWaiting | null {
  const ends = awaitingEarning(world).map(({ end }) => end?.at ?? 0);
  if (ends.length === 0) return null;
  return {
    count: ends.length,
    more: false,
    oldestAt: Math.max(Math.min(...ends), world.services.point.since),
  };
}

export function contextsView(world: World): ContextView[] {
  const now = Date.now();
  return NAMES.map((name) => {
    const { behind, factsThen, recordsThen, ...kept } = world.services[name];
    const lag = lagOf(world, name);
    return {
      name,
      ...kept,
      checkpoint: FOLLOWERS.includes(name) ? factsOf(world) - lag : null,
      lag,
      oldestWaitingAt: lag > 0 ? oldestOf(world, name) : null,
      visitsWaiting: name === 'point' ? visitsWaitingIn(world) : null,
      nextAttemptAt: kept.attempt === null ? null : now + ATTEMPTS_MS - (now % ATTEMPTS_MS),
      steps: 4_210,
      breaker: breakerOf(world, name),
    };
  });
}
