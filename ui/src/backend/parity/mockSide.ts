import { vi } from 'vitest';
import { createMockBackend } from '../mock';
import { restart } from '../mock/services';
import type { Side } from './side';

/** Returns the mock on a new data folder. `restart` restarts it with the same data: nobody is signed in then. */
export function mockSide(now: number): Side & { restart(): void } {
  vi.useFakeTimers({ toFake: ['Date'], now });
  const backend = createMockBackend({ seed: 'new', sync: 'alone', traces: 'none' });
  return {
    name: 'mock',
    backend,
    setClock: async (ms) => {
      vi.setSystemTime(ms);
    },
    // A timer of 0 ms adds the points of a check-out, so wait for another one.
    settle: () => new Promise((resolve) => setTimeout(resolve)),
    end: async () => {
      vi.useRealTimers();
    },
    restart: () => {
      restart(backend.world);
      backend.world.isSignedIn = false;
    },
  };
}
