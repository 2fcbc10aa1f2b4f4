import type {
  ErrorCode,
  EvacuationContent,
  JobKind,
  Language,
  MypageEngine,
  Role,
  SyncChip,
  Theme,
} from '../types';

/** The initial state of the mock. */
export interface Scenario {
  /**
   * `people`: a working day; `many`: thousands of customers; `crowd`: what is hard to show, as many areas and people
   * inside, long names and large numbers; `empty`: set up, nobody yet; `new`: a new data folder.
   */
  seed: 'people' | 'many' | 'crowd' | 'empty' | 'new';
  language: Language;
  theme: Theme;
  role: Role;
  /**
   * Whether the terminal is locked: `yes`; `waits`: it joined and the staff haven't come; `first`: there are no staff;
   * `tried`: too many PINs were wrong.
   */
  lock: 'no' | 'yes' | 'waits' | 'first' | 'tried';
  evacuation: EvacuationContent;
  /**
   * This PC's clock: before the newest fact or long after it, so that the start asks; `ahead`: facts were stamped by one
   * that was ahead.
   */
  clock: 'ok' | 'behind' | 'longAfter' | 'ahead';
  /** The access log: its monthly look is due, its file can't be written, or was changed by something else. */
  accessLog: 'ok' | 'due' | 'unwritable' | 'changed';
  sync: SyncChip['state'];
  /** The state of replication, if there is a cluster. */
  replication: 'calm' | 'sending' | 'reading' | 'trouble' | 'long';
  /** Whether this terminal is retired. */
  retired: boolean;
  demonstration: boolean;
  /**
   * The state of the contexts. `stopped`: point is stopped, so payments and penalties are refused and visits wait for
   * their points; `failing`: point and Mypage fail; `many`: twelve other terminals; `quiet`: no traffic yet; `broken`:
   * the query fails.
   */
  services: 'ok' | 'stopped' | 'failing' | 'many' | 'quiet' | 'broken';
  /** The stored traces: a day of them, none, or a query that fails. */
  traces: 'day' | 'none' | 'broken';
  /** The scheduled backups: `failing`: their disk isn't connected; `outdated`: some still name people who were erased. */
  backups: 'off' | 'on' | 'failing' | 'outdated';
  /**
   * Newer versions: not possible, as in a program that was built here; off; one is ready; the last one wasn't what its
   * publisher signed.
   */
  updates: 'notPackaged' | 'administrator' | 'off' | 'ready' | 'untrusted';
  /** The error with which the start fails. */
  startFailure: ErrorCode | null;
  /** The error with which every command fails. */
  recordFailure: ErrorCode | null;
  /** The names of the calls that fail as with a disk that can't be read, separated by commas; empty for none. */
  failing: string;
  /** The error with which a trial of a connection fails. */
  trial: ErrorCode | null;
  joinFailure: ErrorCode | null;
  mypageEngine: MypageEngine['engine'];
  /** The error with which queries of Mypage fail. */
  mypageFailure: ErrorCode | null;
  /** Whether the names of some customers can't be decrypted. */
  unknownNames: boolean;
  /** Whether there is a customer whom time changes, as the program has answered: a ban that ends today, points that expire. */
  endings: boolean;
  /** Whether another terminal overtook an edit of this one. */
  overtaken: boolean;
  /** Whether there is a plan of the site. */
  plan: boolean;
  /** Whether all pieces of its picture have come. */
  planPieces: 'all' | 'some';
  /** The receipt printer: none, one that prints, or one that is away with slips that failed. */
  printer: 'none' | 'ready' | 'away';
  /** Whether more payments were made than fit on a page of receipts. */
  receipts: 'usual' | 'many';
  /** What each penalty point costs if its deduction is paid for; 0 if that is off. */
  pricePerPenaltyPoint: number;
  /** How long a command waits for points that other terminals hold. */
  askMs: number;
  /** Whether the terminals that are heard at the start go on sending heartbeats. */
  heartbeats: boolean;
  /** How many seconds a reclaim waits before it begins. */
  reclaimWaitS: number;
  /** The job, or slips, of which the user is asked whether the window may close, from the start; empty for none. */
  closing: JobKind | 'slips' | '';
  /** How long each answer takes. */
  latencyMs: number;
  /** How long a check-out waits for its points. */
  earningMs: number;
}

export const defaultScenario: Scenario = {
  seed: 'people',
  language: 'ko',
  theme: 'light',
  role: 'manager',
  lock: 'no',
  evacuation: 'names',
  clock: 'ok',
  accessLog: 'ok',
  sync: 'alone',
  replication: 'calm',
  retired: false,
  demonstration: false,
  services: 'ok',
  traces: 'day',
  backups: 'off',
  updates: 'notPackaged',
  startFailure: null,
  recordFailure: null,
  failing: '',
  trial: null,
  joinFailure: null,
  mypageEngine: 'sqlite',
  mypageFailure: null,
  unknownNames: false,
  endings: false,
  overtaken: false,
  plan: false,
  planPieces: 'all',
  printer: 'none',
  receipts: 'usual',
  pricePerPenaltyPoint: 0,
  askMs: 0,
  heartbeats: false,
  reclaimWaitS: 0,
  closing: '',
  latencyMs: 0,
  earningMs: 0,
};

/** Reads a scenario from the page's address: `?seed=many&sync=offline&theme=dark`. `?services=` implies a cluster. */
export function scenarioFromLocation(search: string): Scenario {
  const scenario: Record<string, unknown> = {
    ...defaultScenario,
    latencyMs: 20,
    earningMs: 400,
    askMs: 2_500,
    heartbeats: true,
    reclaimWaitS: 120,
  };
  const asked = new URLSearchParams(search);
  if (asked.has('services')) scenario.sync = 'online';
  for (const [name, text] of asked) {
    const known = scenario[name];
    if (known === undefined) continue;
    scenario[name] =
      typeof known === 'number' ? Number(text) : typeof known === 'boolean' ? text === 'true' : text;
  }
  return scenario as unknown as Scenario;
}
