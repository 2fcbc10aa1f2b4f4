import type { Backend } from '../backend';

/** One of the two compared implementations: the mock or the real program. */
export interface Side {
  name: 'mock' | 'real';
  backend: Backend;
  /** Sets the clock, in ms since 1970. Both sides get the same time, so times in answers can be compared exactly. */
  setClock(ms: number): Promise<void>;
  /** Waits until answers show everything that was recorded, and points are earned. */
  settle(): Promise<void>;
  end(): Promise<void>;
}
