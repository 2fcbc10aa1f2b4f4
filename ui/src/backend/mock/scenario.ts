import type { ErrorCode, Language, MypageEngine, Role, SyncChip, Theme } from '../types';

/** What the program in memory begins with. */
export interface Scenario {
  /** `people`: a working day; `many`: thousands of customers; `empty`: set up, nobody yet; `new`: a new data folder. */
  seed: 'people' | 'many' | 'empty' | 'new';
  language: Language;
  theme: Theme;
  role: Role;
  sync: SyncChip['state'];
  /** What the exchange goes through while there is a link, or was one. */
  exchange: 'calm' | 'sending' | 'reading' | 'trouble' | 'long';
  demonstration: boolean;
  /**
   * How the contexts fare. `stopped`: point is, so payments and penalties are refused and visits wait for their points;
   * `failing`: point and Mypage; `many`: twelve other terminals; `quiet`: nothing has passed yet; `broken`: not to be told.
   */
  services: 'ok' | 'stopped' | 'failing' | 'nokafka' | 'many' | 'quiet' | 'broken';
  /** What is kept of traces: a day's, nothing yet, or not to be told. */
  traces: 'day' | 'none' | 'broken';
  /** The program can't start. */
  startFailure: ErrorCode | null;
  /** Every command fails so. */
  recordFailure: ErrorCode | null;
  /** What a trial of a connection finds. */
  trial: ErrorCode | null;
  joinFailure: ErrorCode | null;
  mypageEngine: MypageEngine['engine'];
  /** Mypage's database can't be used. */
  mypageFailure: ErrorCode | null;
  /** Names of some customers can't be opened. */
  unknownNames: boolean;
  /** How long a payment waits for points held at another terminal. */
  askMs: number;
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
  sync: 'alone',
  exchange: 'calm',
  demonstration: false,
  services: 'ok',
  traces: 'day',
  startFailure: null,
  recordFailure: null,
  trial: null,
  joinFailure: null,
  mypageEngine: 'sqlite',
  mypageFailure: null,
  unknownNames: false,
  askMs: 0,
  latencyMs: 0,
  earningMs: 0,
};

/** `?seed=many&sync=offline&theme=dark`, for looking at the screens in a browser. Services are looked at with a link. */
export function scenarioFromLocation(search: string): Scenario {
  const scenario: Record<string, unknown> = {
    ...defaultScenario,
    latencyMs: 20,
    earningMs: 400,
    askMs: 2_500,
  };
  const asked = new URLSearchParams(search);
  if (asked.has('services')) scenario.sync = asked.get('services') === 'nokafka' ? 'alone' : 'online';
  for (const [name, text] of asked) {
    const known = scenario[name];
    if (known === undefined) continue;
    scenario[name] =
      typeof known === 'number' ? Number(text) : typeof known === 'boolean' ? text === 'true' : text;
  }
  return scenario as unknown as Scenario;
}
