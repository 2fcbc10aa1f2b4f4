import type { Role } from '../types';
import { refuse } from './world';

const TRIES = 5;
const TERMINAL_TRIES = 20;
const STEPS_MS = [30_000, 60_000, 300_000, 900_000, 3_600_000] as const;

/** The wrong tries of one person, of the recovery code, or of the whole terminal. */
export interface MockTries {
  wrong: number;
  /** When the wait ends, by the page's own clock; null without one. */
  until: number | null;
  steps: number;
}

export interface MockLock {
  byPerson: Map<string, MockTries>;
  recovery: MockTries;
  terminal: MockTries;
}

const none = (): MockTries => ({ wrong: 0, until: null, steps: 0 });

export const newLock = (): MockLock => ({ byPerson: new Map(), recovery: none(), terminal: none() });

export function waitOf(tries: MockTries | undefined): number | null {
  const left = (tries?.until ?? 0) - performance.now();
  return tries?.until && left > 0 ? Math.ceil(left) : null;
}

function miss(tries: MockTries, allowed: number): number | null {
  tries.wrong += 1;
  if (tries.wrong < allowed) return null;
  const ms = STEPS_MS[Math.min(tries.steps, STEPS_MS.length - 1)] ?? 0;
  Object.assign(tries, { until: performance.now() + ms, steps: tries.steps + 1 });
  return ms;
}

/** Whose wrong tries count: a person's, or those of the recovery code. */
export function triesOf(lock: MockLock, who: string | 'recovery'): MockTries {
  if (who === 'recovery') return lock.recovery;
  const known = lock.byPerson.get(who) ?? none();
  lock.byPerson.set(who, known);
  return known;
}

/** Tries a PIN or a code: refuses it within a wait, and begins a wait after too many wrong tries. */
export function tryPin(lock: MockLock, who: string | 'recovery', isRight: boolean): void {
  const own = triesOf(lock, who);
  const [ownWait, wholeWait] = [waitOf(own), waitOf(lock.terminal)];
  if (wholeWait !== null) throw refuse('pin_wait', { waitMs: wholeWait, whole: true });
  if (ownWait !== null) throw refuse('pin_wait', { waitMs: ownWait, whole: false });
  if (isRight) {
    Object.assign(own, none());
    Object.assign(lock.terminal, none());
    return;
  }
  const waits = [miss(own, TRIES), miss(lock.terminal, TERMINAL_TRIES)].filter((ms) => ms !== null);
  const waitMs = waits.length > 0 ? Math.max(...waits) : null;
  throw refuse('wrong_pin', { triesLeft: waitMs === null ? TRIES - own.wrong : 0, waitMs });
}

export const PIN_LIMITS = (role: Role) => ({ min: role === 'manager' ? 6 : 4, max: 12 });

export function checkPin(role: Role, pin: string): void {
  const { min, max } = PIN_LIMITS(role);
  if (!/^[0-9]+$/.test(pin) || pin.length < min || pin.length > max)
    throw refuse('invalid_pin', { min, max });
}

/** A PIN that no one can have is no try. */
export function checkTypedPin(pin: string): void {
  if (!/^[0-9]{4,12}$/.test(pin)) throw refuse('invalid_pin', { min: 4, max: 12 });
}
