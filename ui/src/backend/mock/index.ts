import type { Backend } from '../backend';
import type { Changed, Job, JobKind, JoinInput, Request, SetUpInput, Start } from '../types';
import { decide } from './commands';
import { saveEngine, tryEngine } from './engine';
import {
  acceptPairing,
  checkReclaim,
  chipView,
  invitationOf,
  PAIRING_CODE_WITH_CONNECTION,
  pairingView,
  quarantineView,
  reclaim,
  saveConnection,
  syncView,
  tryConnection,
} from './exchange';
import { gatewayView } from './gateway';
import { chartView, mypageView } from './mypage';
import { whole } from './record';
import { defaultScenario, type Scenario } from './scenario';
import { emptyWorld, seedPeople } from './seed';
import { seedMany } from './seed-many';
import { checkOpen, servicesView, startContext, stopContext } from './services';
import { saveTracing, tracesView, traceView, tracingView } from './traces';
import { cardView, occupancyView, recentView, searchView, sessionView } from './views';
import { heldHere, newId, refuse, type World } from './world';

export { defaultScenario, type Scenario, scenarioFromLocation } from './scenario';

export interface MockBackend extends Backend {
  /** What the program knows, for tests to look at and to change behind the screen's back. */
  world: World;
  /** Every command that was asked for, in order, refused ones too. */
  requests: Request[];
  /** Tells the screens that something changed, as another terminal's facts would. */
  announce(change?: Partial<Changed>): void;
  /** Tells the screens that the link or the pending count changed. */
  announceLink(): void;
}

function newWorld(scenario: Scenario): World {
  const world = emptyWorld(scenario);
  if (scenario.seed === 'people' || scenario.seed === 'many') seedPeople(world);
  if (scenario.seed === 'many') seedMany(world);
  for (const context of Object.values(world.services)) context.records = world.records.length;
  if (scenario.services === 'stopped') {
    for (const visit of world.visits.filter(({ status }) => status === 'EARNED').slice(0, 12)) {
      visit.status = 'CHECKED_OUT';
    }
  }
  if (scenario.unknownNames) {
    for (const customer of [...world.customers.values()].slice(0, 3)) customer.unknownHere = true;
  }
  return world;
}

const JOB_STEPS = 20;

/** The program in memory: it decides and folds as the real one does, and forgets everything at the end. */
export function createMockBackend(given: Partial<Scenario> = {}): MockBackend {
  const scenario: Scenario = { ...defaultScenario, ...given };
  const changed = new Set<(change: Changed) => void>();
  const jobListeners = new Set<(job: Job) => void>();
  const links = new Set<() => void>();
  const running = new Map<string, ReturnType<typeof setInterval>>();
  let changeSeq = 0;

  const answer = async <T>(work: () => T): Promise<T> => {
    if (scenario.latencyMs > 0) await new Promise((resolve) => setTimeout(resolve, scenario.latencyMs));
    return structuredClone(work());
  };
  const announce = (change: Partial<Changed> = {}) => {
    changeSeq += 1;
    for (const listener of changed) listener({ changeSeq, customers: [], ...change });
  };

  const announceLink = () => {
    for (const listener of links) listener();
  };

  function earnLater(world: World): void {
    const earn = () => {
      const waiting = world.visits.filter(({ status }) => status === 'CHECKED_OUT');
      if (waiting.length === 0 || world.services.point.state !== 'running') return;
      for (const visit of waiting) visit.status = 'EARNED';
      announce({ customers: waiting.map(({ customerId }) => customerId) });
    };
    setTimeout(earn, scenario.earningMs);
  }

  function runJob(kind: JobKind, path: string | null, atEnd: () => void = () => {}): Job {
    if (running.size > 0) throw refuse('job_running');
    const total = 312_060;
    let step = 0;
    const job: Job = {
      jobId: newId(),
      kind,
      state: 'running',
      done: 0,
      total,
      startedAt: Date.now(),
      path: null,
      error: null,
    };
    const tell = (change: Partial<Job>) => {
      for (const listener of jobListeners) listener({ ...job, ...change });
    };
    const timer = setInterval(
      () => {
        step += 1;
        if (step < JOB_STEPS) return tell({ done: Math.round((total * step) / JOB_STEPS) });
        clearInterval(timer);
        running.delete(job.jobId);
        atEnd();
        tell({ done: total, state: 'done', path });
      },
      scenario.latencyMs > 0 ? 200 : 1,
    );
    running.set(job.jobId, timer);
    return job;
  }

  const mock: MockBackend = {
    world: newWorld(scenario),
    requests: [],
    announce,
    announceLink,

    start: () =>
      answer((): Start => {
        const { preferences, isSetUp } = mock.world;
        if (scenario.startFailure) {
          return {
            state: 'failed',
            error: refuse(scenario.startFailure, { detail: 'journal.db' }),
            preferences,
            version: '1.0.0',
          };
        }
        return isSetUp
          ? { state: 'ready', session: sessionView(mock.world) }
          : { state: 'setUp', preferences, version: '1.0.0' };
      }),
    setUp: (input: SetUpInput) =>
      answer(() => {
        const { world } = mock;
        if (!/^\d{4,8}$/.test(input.pin)) throw refuse('invalid_pin');
        if (input.facilityName === '') throw refuse('empty', { field: 'facilityName' });
        world.facility = { ...world.facility, name: input.facilityName };
        world.terminal = { ...world.terminal, name: input.terminalName };
        world.staff = { ...world.staff, name: input.managerName, role: 'manager' };
        world.areas = input.areas.map(({ name, capacity }) => ({
          areaId: newId(),
          name,
          capacity: capacity ?? null,
        }));
        world.isSetUp = true;
        return sessionView(world);
      }),
    join: (input: JoinInput) =>
      answer(() => {
        const { world } = mock;
        if (scenario.joinFailure) throw refuse(scenario.joinFailure);
        if (!/^\d{4,8}$/.test(input.pin)) throw refuse('invalid_pin');
        acceptPairing(world, input.code);
        saveConnection(world, input.connection);
        world.terminal = { ...world.terminal, name: input.terminalName };
        world.staff = { ...world.staff, name: input.managerName, role: 'manager' };
        world.isSetUp = true;
        return sessionView(world);
      }),
    openDemonstration: () =>
      answer(() =>
        runJob('demonstration', null, () => {
          mock.world = newWorld({ ...scenario, seed: 'many', demonstration: true });
        }),
      ),
    leaveDemonstration: () => {
      mock.world = newWorld({ ...scenario, demonstration: false });
      return mock.start();
    },

    record: async (request) => {
      const { world } = mock;
      mock.requests.push(request);
      const { command } = request;
      const isAsking = command.type === 'pay' && Number(command.points) > heldHere(world, command.customerId);
      if (isAsking && scenario.sync === 'online' && scenario.askMs > 0) {
        await new Promise((resolve) => setTimeout(resolve, scenario.askMs));
      }
      return answer(() => {
        const body = JSON.stringify(request.command);
        const before = world.answered.get(request.idempotencyKey);
        if (before) {
          if (before.body !== body) throw refuse('key_reused');
          return before.answer as ReturnType<typeof decide>;
        }
        if (scenario.recordFailure) throw refuse(scenario.recordFailure);
        const outcome = decide(world, request.command);
        world.answered.set(request.idempotencyKey, { body, answer: outcome });
        if (outcome.type === 'checkedOut' || outcome.type === 'areaCheckedOut') earnLater(world);
        return outcome;
      });
    },

    searchCustomers: (input) => answer(() => searchView(mock.world, input)),
    customerCard: (customerId) => answer(() => cardView(mock.world, customerId)),
    occupancy: () => answer(() => occupancyView(mock.world)),
    recentRecords: (input) => answer(() => recentView(mock.world, input)),
    mypage: (input) =>
      answer(() => {
        checkOpen(mock.world, 'mypage');
        return mypageView(mock.world, input);
      }),
    chart: (input) =>
      answer(() => {
        checkOpen(mock.world, 'mypage');
        return chartView(mock.world, input);
      }),
    mypageEngine: () => answer(() => mock.world.engine.kept),
    tryMypageEngine: () => answer(() => tryEngine(mock.world)),
    saveMypageEngine: (input) => answer(() => saveEngine(mock.world, input)),

    exportHistories: () => answer(() => runJob('export', '/home/desk/흡연구역-이력.csv')),
    exportCustomers: () => answer(() => runJob('export', '/home/desk/흡연구역-고객.csv')),
    backUp: () =>
      answer(() => {
        const path = '/home/desk/한빛역.nosmoke';
        return runJob('backup', path, () => {
          mock.world.lastBackup = { at: Date.now(), path };
        });
      }),
    restore: () => answer(() => runJob('restore', '/home/desk/한빛역.nosmoke')),
    previewImport: () =>
      answer(() => ({
        previewId: newId(),
        fileName: '고객명단.csv',
        encoding: 'CP949',
        good: 2,
        bad: 1,
        rows: [
          { line: 2, name: '추가람', phone: '010-3312-2275', card: null, problem: null },
          { line: 3, name: '선우진', phone: '010-8890-6618', card: 'NS-2204-0912', problem: null },
          {
            line: 4,
            name: '',
            phone: '010-5521-9910',
            card: null,
            problem: refuse('empty', { field: 'name' }),
          },
        ],
      })),
    runImport: () => answer(() => runJob('import', null, () => announce())),
    cancelJob: (jobId) =>
      answer(() => {
        clearInterval(running.get(jobId));
        if (!running.delete(jobId)) return;
        for (const listener of jobListeners) {
          listener({
            jobId,
            kind: 'export',
            state: 'cancelled',
            done: 0,
            total: null,
            startedAt: Date.now(),
            path: null,
            error: refuse('cancelled'),
          });
        }
      }),

    savePreferences: (preferences) =>
      answer(() => {
        mock.world.preferences = preferences;
        return preferences;
      }),
    syncChip: () => answer(() => chipView(mock.world)),
    syncView: () => answer(() => syncView(mock.world)),
    quarantine: (after) => answer(() => quarantineView(mock.world, after)),
    retrySync: () =>
      answer(() => {
        mock.world.exchange.retries += 1;
        announceLink();
      }),
    connection: () => answer(() => mock.world.exchange.connection),
    tryConnection: (input) => answer(() => tryConnection(mock.world, input)),
    saveConnection: async (input) => {
      const saved = await answer(() => saveConnection(mock.world, input));
      announceLink();
      return saved;
    },
    pairing: () => answer(() => pairingView(mock.world)),
    pickPem: () => answer(() => '/home/desk/ca.pem'),
    savePairing: () => answer(() => '/home/desk/한빛역.nosmoke-code'),
    openPairing: () => answer(() => PAIRING_CODE_WITH_CONNECTION),
    readPairing: (code) => answer(() => invitationOf(code)),
    acceptPairing: async (code) => {
      await answer(() => acceptPairing(mock.world, code));
      announce();
    },
    reclaim: (terminalId) =>
      answer(() => {
        const lost = checkReclaim(mock.world, terminalId);
        return runJob('reclaim', null, () => {
          reclaim(mock.world, lost);
          announce();
        });
      }),
    gateway: () => answer(() => gatewayView(mock.world)),
    saveGateway: (input) =>
      answer(() => {
        whole(input.port, 'port', 1_024, 65_535);
        mock.world.gateway = input;
        return gatewayView(mock.world);
      }),
    services: () => answer(() => servicesView(mock.world)),
    stopContext: ({ name, reason }) => answer(() => stopContext(mock.world, name, reason)),
    startContext: async (name) => {
      await answer(() => startContext(mock.world, name));
      if (name === 'point') earnLater(mock.world);
    },
    traces: (input) => answer(() => tracesView(mock.world, input)),
    trace: (traceId) => answer(() => traceView(mock.world, traceId)),
    tracing: () => answer(() => tracingView(mock.world)),
    saveTracing: (input) => answer(() => saveTracing(mock.world, input)),
    onChanged: (listener) => {
      changed.add(listener);
      return () => changed.delete(listener);
    },
    onLink: (listener) => {
      links.add(listener);
      return () => links.delete(listener);
    },
    onJob: (listener) => {
      jobListeners.add(listener);
      return () => jobListeners.delete(listener);
    },
  };
  return mock;
}
