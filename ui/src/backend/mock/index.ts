import { asAppError, type Backend } from '../backend';
import type { Calls, Changed, Closing, Job, RecordInput } from '../types';
import { accessPage, accessStatus, confirmAccess, noteCall } from './access';
import { seedAccess } from './access-seed';
import { backupScheduleView, chooseBackupFolder, saveBackupSchedule } from './backups';
import { record } from './commands';
import { saveConnection, tryConnection } from './connection';
import { correctionsView } from './corrections';
import { linkedView } from './customers';
import { closeDay, dayView } from './day';
import { showFolder } from './desktop';
import { saveEngine, tryEngine } from './engine';
import { erasurePreview, saveKeeping, unseenPage } from './erasing';
import { PICKED } from './files';
import { gatewayView, saveGateway } from './gateway';
import {
  expectPreview,
  importCustomers,
  importToTakeBack,
  previewImport,
  reviseImport,
  takeImportBack,
  takePreview,
} from './imports';
import { createJobs } from './jobs';
import { chartView, mypageView } from './mypage';
import {
  changeOwnPin,
  evacuationView,
  firstManager,
  lockNow,
  lockView,
  newRecoveryCode,
  recover,
  resetPin,
  retireStaff,
  saveStaff,
  seedStaff,
  signIn,
  staffView,
} from './people';
import { periodReport } from './period';
import { permissionRows, permit } from './permission';
import { tryPin } from './pins';
import { pickedPicture, placePenalties, planPictureView, plansView } from './plans';
import { pointsRequest } from './points';
import {
  addManyPayments,
  discardSlip,
  printerView,
  printPage,
  printSlip,
  retrySlip,
  savePrinter,
  slipEntries,
  slipView,
} from './printing';
import {
  acceptPairing,
  chipView,
  hearOthers,
  invitationOf,
  PAIRING_CODE_WITH_CONNECTION,
  pairingView,
  prepareReclaim,
  quarantineView,
  syncView,
} from './replication';
import { reviewCount, reviewView } from './review';
import { discardRulesDraft, previewOf, ruleSetsPage, rulesEditor, saveRulesDraft } from './rules';
import { defaultScenario, type Scenario } from './scenario';
import { emptyWorld, seedPeople } from './seed';
import { seedCrowd } from './seed-crowd';
import { seedMany } from './seed-many';
import { servicesView } from './service-graph';
import { checkOpen, startContext, stopContext } from './services';
import { join, setUp, startView } from './setUp';
import { makeToken, revokeToken, rotateToken, tokensView } from './tokens';
import { saveTracing, tracesView, traceView, tracingView } from './traces';
import { installUpdate, saveUpdates, tryUpdates, updatesView } from './updates';
import { alikeView, cardView, occupancyView, recentView, searchView } from './views';
import { recordersView, whoPage } from './whoDid';
import { whyView } from './why';
import { awaitingEarning, factsOf, refuse, type World } from './world';

export { defaultScenario, type Scenario, scenarioFromLocation } from './scenario';

export interface MockBackend extends Backend {
  /** The mock's state, which tests read and also change without the screens. */
  world: World;
  /** All requests to record a command, in order, also refused ones. */
  requests: RecordInput[];
  /** Emits the event `changed`, as the program does when facts of another terminal arrive. */
  announce(change?: Partial<Changed>): void;
  /** Emits the event `connection`. */
  announceConnection(): void;
  /** The people of the facility come from another terminal. */
  staffArrive(): void;
  /** Emits the event `closing`, as the program does when the user closes the window. */
  announceClosing(closing: Closing): void;
}

const HEARTBEAT_MS = 5_000;
/** The number of visits that wait for their points in the scenario `services: 'stopped'`. */
const WAITING_VISITS = 12;

function newWorld(scenario: Scenario): World {
  const world = emptyWorld(scenario);
  if (['people', 'many', 'crowd'].includes(scenario.seed)) seedPeople(world);
  if (scenario.seed === 'crowd') seedCrowd(world);
  if (scenario.seed === 'many') seedMany(world);
  if (scenario.receipts === 'many') addManyPayments(world);
  const then = { factsThen: factsOf(world), recordsThen: world.records.length };
  for (const context of Object.values(world.services)) Object.assign(context, then);
  if (scenario.services === 'stopped') {
    for (const visit of world.visits.filter(({ earned }) => earned).slice(0, WAITING_VISITS))
      visit.earned = false;
  }
  if (scenario.unknownNames) {
    for (const customer of [...world.customers.values()].slice(0, 3)) customer.unknownHere = true;
  }
  world.access = seedAccess(world);
  if (scenario.lock === 'tried') tryTooOften(world);
  return world;
}

/** Types wrong PINs for the second person until a wait begins. */
function tryTooOften(world: World): void {
  for (let index = 0; index < 5; index += 1) {
    try {
      tryPin(world.lock, world.people[1]?.staffId ?? '', false);
    } catch {
      // The last one begins the wait.
    }
  }
}

/** Adds the points of visits that have ended, and returns the ids of their customers. */
function earn(world: World): string[] {
  if (world.services.point.state !== 'running') return [];
  const waiting = awaitingEarning(world);
  for (const visit of waiting) visit.earned = true;
  world.otherFacts += waiting.length;
  return waiting.map(({ customerId }) => customerId);
}

/**
 * Creates a mock of the program in memory. The mock decides and answers as the real program does, which the parity
 * suite checks, but saves nothing.
 */
export function createMockBackend(given: Partial<Scenario> = {}): MockBackend {
  const scenario: Scenario = { ...defaultScenario, ...given };
  const changed = new Set<(change: Changed) => void>();
  const jobListeners = new Set<(job: Job) => void>();
  const connectionListeners = new Set<() => void>();
  const failing = new Set(scenario.failing.split(','));
  const printerListeners = new Set<() => void>();
  const closingListeners = new Set<(closing: Closing) => void>();
  const jobs = createJobs(scenario, (job) => {
    if (job.state === 'done' && job.path !== null) mock.world.desktop.written.add(job.jobId);
    for (const listener of jobListeners) listener(job);
  });

  /** Answers a call, or refuses it if the staff member's role isn't allowed to make it. */
  async function answer<T>(call: keyof Calls, work: (world: World) => T, input: unknown = null): Promise<T> {
    if (scenario.latencyMs > 0) await new Promise((resolve) => setTimeout(resolve, scenario.latencyMs));
    const { world } = mock;
    try {
      permit(world, call);
      if (failing.has(call)) throw refuse('storage_failed', { detail: 'journal.db: disk I/O error' });
      const done = structuredClone(work(world));
      noteCall(mock.world, call, input, null);
      return done;
    } catch (thrown) {
      noteCall(world, call, input, asAppError(thrown).code);
      throw thrown;
    }
  }

  const announce = (change: Partial<Changed> = {}) => {
    for (const listener of changed) listener({ changeSeq: factsOf(mock.world), customers: [], ...change });
  };
  const announceConnection = () => {
    for (const listener of connectionListeners) listener();
  };
  const announcePrinter = () => {
    for (const listener of printerListeners) listener();
  };
  const subscribe = <T>(listeners: Set<T>, listener: T) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  };

  if (scenario.heartbeats) setInterval(() => hearOthers(mock.world), HEARTBEAT_MS);

  function earnLater({ world }: MockBackend): void {
    setTimeout(() => {
      const customers = earn(world);
      if (customers.length > 0) announce({ customers });
    }, scenario.earningMs);
  }

  const mock: MockBackend = {
    world: newWorld(scenario),
    requests: [],
    announce,
    announceConnection,
    staffArrive: () => {
      mock.world.people = seedStaff();
      announce();
    },
    announceClosing: (closing) => {
      for (const listener of closingListeners) listener(closing);
    },

    start: () => answer('start', startView),
    setUp: (input) => answer('setUp', (world) => setUp(world, input)),
    join: (input) => answer('join', (world) => join(world, input)),
    openDemonstration: () =>
      answer('openDemonstration', () =>
        jobs.start('demonstration', null, () => {
          mock.world = newWorld({ ...scenario, seed: 'many', demonstration: true, lock: 'yes' });
        }),
      ),
    leaveDemonstration: () =>
      answer('leaveDemonstration', () => {
        if (!jobs.isIdle()) throw refuse('job_running');
        mock.world = newWorld({ ...scenario, demonstration: false });
        return startView(mock.world);
      }),

    lockScreen: () => answer('lockScreen', lockView),
    signIn: (input) => answer('signIn', (world) => signIn(world, input)),
    lock: () => answer('lock', lockNow),
    firstManager: (input) => answer('firstManager', (world) => firstManager(world, input)),
    recover: (input) => answer('recover', (world) => recover(world, input)),
    renewRecoveryCode: () => answer('renewRecoveryCode', (world) => ({ nextCode: newRecoveryCode(world) })),
    evacuationList: () => answer('evacuationList', evacuationView),
    staffMembers: () => answer('staffMembers', staffView),
    saveStaff: (input) => answer('saveStaff', (world) => saveStaff(world, input)),
    retireStaff: (staffId) => answer('retireStaff', (world) => retireStaff(world, staffId)),
    resetPin: (input) => answer('resetPin', (world) => resetPin(world, input)),
    changeOwnPin: (input) => answer('changeOwnPin', (world) => changeOwnPin(world, input)),
    permissions: () => answer('permissions', permissionRows),
    tokens: () => answer('tokens', tokensView),
    makeToken: (input) => answer('makeToken', (world) => makeToken(world, input)),
    rotateToken: (tokenId) => answer('rotateToken', (world) => rotateToken(world, tokenId)),
    revokeToken: (tokenId) => answer('revokeToken', (world) => revokeToken(world, tokenId)),
    accessLog: (input) => answer('accessLog', (world) => accessPage(world, input), input),
    accessLogStatus: () => answer('accessLogStatus', accessStatus),
    exportAccessLog: (filter) =>
      answer('exportAccessLog', () => jobs.start('export', PICKED.accessLog), filter),
    confirmAccessLog: () => answer('confirmAccessLog', confirmAccess),
    notePrinted: (printed) => answer('notePrinted', () => {}, printed),
    whoDidWhat: (input) => answer('whoDidWhat', (world) => whoPage(world, input), input),
    recorders: () => answer('recorders', recordersView),
    exportWhoDidWhat: (filter) =>
      answer('exportWhoDidWhat', () => jobs.start('export', PICKED.whoDidWhat), filter),
    erasurePreview: (input) => answer('erasurePreview', (world) => erasurePreview(world, input)),
    unseenCustomers: (input) => answer('unseenCustomers', (world) => unseenPage(world, input)),
    keeping: () => answer('keeping', ({ keeping }) => keeping),
    saveKeeping: (keeping) => answer('saveKeeping', (world) => saveKeeping(world, keeping)),

    record: async (request) => {
      const { command } = request;
      mock.requests.push(request);
      const asked = pointsRequest(mock.world, command);
      if (asked) {
        if (scenario.askMs > 0) await new Promise((resolve) => setTimeout(resolve, scenario.askMs));
        asked.give();
      }
      return answer('record', (world) => {
        if (scenario.recordFailure) throw refuse(scenario.recordFailure);
        const [records, answers] = [world.records.length, world.answered.size];
        const outcome = record(world, request);
        const customers = world.records.slice(records).map(({ customer }) => customer.customerId);
        if (world.answered.size > answers) setTimeout(() => announce({ customers }));
        if (awaitingEarning(world).length > 0) earnLater(mock);
        return outcome;
      });
    },

    searchCustomers: (input) => answer('searchCustomers', (world) => searchView(world, input), input),
    alikeCustomers: (input) => answer('alikeCustomers', (world) => alikeView(world, input)),
    customerCard: (customerId) => answer('customerCard', (world) => cardView(world, customerId), customerId),
    linkedCustomers: (customerId) =>
      answer('linkedCustomers', (world) => linkedView(world, customerId), customerId),
    occupancy: () => answer('occupancy', occupancyView),
    recentEntries: (input) => answer('recentEntries', (world) => recentView(world, input)),
    mypage: (input) =>
      answer(
        'mypage',
        (world) => {
          checkOpen(world, 'mypage');
          return mypageView(world, input);
        },
        input,
      ),
    why: (input) => answer('why', (world) => whyView(world, input), input),
    chart: (input) =>
      answer('chart', (world) => {
        checkOpen(world, 'mypage');
        return chartView(world, input);
      }),
    corrections: (of) => answer('corrections', (world) => correctionsView(world, of)),
    mypageEngine: () => answer('mypageEngine', ({ engine }) => engine.kept),
    tryMypageEngine: () => answer('tryMypageEngine', tryEngine),
    saveMypageEngine: (input) => answer('saveMypageEngine', (world) => saveEngine(world, input)),

    exportHistories: (input) =>
      answer(
        'exportHistories',
        ({ staff }) => {
          if (staff.role === 'manager' && !input.masked && !input.reason) throw refuse('reason_needed');
          return jobs.start('export', PICKED.histories);
        },
        input,
      ),
    exportCustomers: (input) =>
      answer(
        'exportCustomers',
        () => {
          if (!input.reason) throw refuse('reason_needed');
          return jobs.start('export', PICKED.customers);
        },
        input,
      ),
    backUp: () =>
      answer('backUp', (world) =>
        jobs.start('backup', PICKED.backup, () => {
          world.lastBackup = { at: Date.now(), path: PICKED.backup, notPrivate: false, notSynced: false };
        }),
      ),
    backupSchedule: () => answer('backupSchedule', backupScheduleView),
    saveBackupSchedule: (schedule) =>
      answer('saveBackupSchedule', (world) => saveBackupSchedule(world, schedule)),
    chooseBackupFolder: () => answer('chooseBackupFolder', chooseBackupFolder),
    restore: () => answer('restore', () => jobs.start('restore', null)),
    saveBackupPassphrase: async () => {
      await answer('saveBackupPassphrase', () => null);
    },
    previewImport: () => answer('previewImport', (world) => previewImport(world)),
    reviseImport: (revised) => answer('reviseImport', (world) => reviseImport(world, revised)),
    saveBadLines: (previewId) =>
      answer('saveBadLines', (world) => {
        expectPreview(world, previewId);
        return jobs.start('export', PICKED.badLines);
      }),
    imports: () => answer('imports', ({ imports }) => imports.map(({ view }) => view)),
    takeBackImport: (importId) =>
      answer('takeBackImport', (world) => {
        const found = importToTakeBack(world, importId);
        return jobs.start('takeBackImport', null, () => {
          takeImportBack(world, found);
          announce();
        });
      }),
    runImport: (previewId) =>
      answer('runImport', (world) => {
        const preview = takePreview(world, previewId);
        return jobs.start('import', null, () => {
          importCustomers(world, preview);
          jobs.imported(preview.counts);
          announce();
        });
      }),
    cancelJob: (jobId) => answer('cancelJob', () => jobs.cancel(jobId)),
    noteUnsaved: (isUnsaved) =>
      answer('noteUnsaved', ({ desktop }) => {
        desktop.isUnsaved = isUnsaved;
      }),
    chooseClosing: (choice) =>
      answer('chooseClosing', ({ desktop }) => {
        desktop.choices.push(choice);
      }),
    showFolder: (folder) => answer('showFolder', (world) => showFolder(world, folder)),
    saveDiagnostics: () => answer('saveDiagnostics', () => jobs.start('diagnostics', PICKED.diagnostics)),

    confirmClock: () =>
      answer('confirmClock', (world) => {
        world.clockDoubt = null;
      }),
    savePreferences: (preferences) =>
      answer('savePreferences', (world) => {
        world.preferences = preferences;
        world.preferencesLost = [];
        return preferences;
      }),
    review: (input) => answer('review', (world) => reviewView(world, input)),
    reviewCount: () => answer('reviewCount', reviewCount),
    overtakenEdits: () => answer('overtakenEdits', ({ edits }) => edits),
    rulesEditor: () => answer('rulesEditor', rulesEditor),
    saveRulesDraft: (form) => answer('saveRulesDraft', (world) => saveRulesDraft(world, form)),
    discardRulesDraft: () => answer('discardRulesDraft', discardRulesDraft),
    ruleSets: (skipped) => answer('ruleSets', (world) => ruleSetsPage(world, skipped)),
    previewRules: () =>
      answer('previewRules', (world) => {
        world.rulesPreview = null;
        return jobs.start('previewRules', null, () => {
          world.rulesPreview = previewOf(world);
        });
      }),
    rulesPreview: () => answer('rulesPreview', ({ rulesPreview }) => rulesPreview),
    day: (day) => answer('day', (world) => dayView(world, day)),
    closeDay: (day) => answer('closeDay', (world) => closeDay(world, day)),
    period: (input) => answer('period', (world) => periodReport(world, input)),
    exportPeriod: () => answer('exportPeriod', () => jobs.start('export', PICKED.period)),
    exportDay: () => answer('exportDay', () => jobs.start('export', PICKED.day)),
    plans: () => answer('plans', plansView),
    planPicture: (planId) => answer('planPicture', (world) => planPictureView(world, planId)),
    placePenalties: (days) => answer('placePenalties', (world) => placePenalties(world, days)),
    pickPlanPicture: () => answer('pickPlanPicture', pickedPicture),
    printer: () => answer('printer', printerView),
    savePrinter: (setting) => answer('savePrinter', (world) => savePrinter(world, setting)),
    printSlip: async (input) => {
      const view = await answer('printSlip', (world) => printSlip(world, input), input);
      announcePrinter();
      return view;
    },
    retrySlip: async (id) => {
      const view = await answer('retrySlip', (world) => retrySlip(world, id));
      announcePrinter();
      return view;
    },
    discardSlip: async (id) => {
      const view = await answer('discardSlip', (world) => discardSlip(world, id));
      announcePrinter();
      return view;
    },
    slipView: (input) => answer('slipView', (world) => slipView(world, input), input),
    printPage: (input) => answer('printPage', (world) => printPage(world, input), input),
    slipEntries: (input) => answer('slipEntries', (world) => slipEntries(world, input)),
    syncChip: () => answer('syncChip', chipView),
    syncView: () => answer('syncView', syncView),
    quarantine: (after) => answer('quarantine', (world) => quarantineView(world, after)),
    retrySync: () =>
      answer('retrySync', ({ replication }) => {
        replication.retries += 1;
        announceConnection();
      }),
    connection: () => answer('connection', ({ replication }) => replication.connection),
    tryConnection: (input) => answer('tryConnection', (world) => tryConnection(world, input)),
    saveConnection: async (input) => {
      const saved = await answer('saveConnection', (world) => saveConnection(world, input));
      announceConnection();
      return saved;
    },
    pairing: () => answer('pairing', pairingView),
    pickPem: () => answer('pickPem', () => PICKED.pem),
    savePairing: () => answer('savePairing', () => PICKED.pairing),
    openPairing: () => answer('openPairing', () => PAIRING_CODE_WITH_CONNECTION),
    readPairing: (code) => answer('readPairing', () => invitationOf(code)),
    acceptPairing: async (code) => {
      await answer('acceptPairing', (world) => acceptPairing(world, code));
      announce();
    },
    renewKey: async () => {
      await answer('renewKey', () => null);
      announceConnection();
    },
    reclaim: (terminalId) =>
      answer('reclaim', (world) => {
        const { waits, take } = prepareReclaim(world, terminalId);
        const atEnd = () => {
          take();
          announce();
        };
        return jobs.start('reclaim', null, atEnd, waits);
      }),
    gateway: () => answer('gateway', gatewayView),
    saveGateway: (input) => answer('saveGateway', (world) => saveGateway(world, input)),
    updates: () => answer('updates', updatesView),
    saveUpdates: (input) => answer('saveUpdates', (world) => saveUpdates(world, input)),
    tryUpdates: (input) => answer('tryUpdates', (world) => tryUpdates(world, input)),
    installUpdate: () => answer('installUpdate', installUpdate),
    services: () => answer('services', servicesView),
    stopContext: ({ name, reason }) => answer('stopContext', (world) => stopContext(world, name, reason)),
    startContext: async (name) => {
      await answer('startContext', (world) => startContext(world, name));
      if (name === 'point') earnLater(mock);
    },
    traces: (input) => answer('traces', (world) => tracesView(world, input)),
    trace: (traceId) => answer('trace', (world) => traceView(world, traceId)),
    tracing: () => answer('tracing', tracingView),
    saveTracing: (input) => answer('saveTracing', (world) => saveTracing(world, input)),
    onChanged: (listener) => subscribe(changed, listener),
    onConnection: (listener) => subscribe(connectionListeners, listener),
    onPrinter: (listener) => subscribe(printerListeners, listener),
    onClosing: (listener) => {
      const { closing } = scenario;
      if (closing === 'slips') setTimeout(listener, 0, { job: null, unsaved: false, slips: 1 });
      else if (closing) setTimeout(listener, 0, { job: closing, unsaved: true, slips: 0 });
      return subscribe(closingListeners, listener);
    },
    onJob: (listener) => subscribe(jobListeners, listener),
  };
  return mock;
}
