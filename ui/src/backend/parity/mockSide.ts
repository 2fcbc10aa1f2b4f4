import { vi } from 'vitest';
import { createMockBackend } from '../mock';
import { restart } from '../mock/services';
import type { Role } from '../types';
import type { Side } from './side';

/** Returns the mock on a new data folder. `restartAs` restarts it with the same data and another role. */
export function mockSide(now: number): Side & { restartAs(role: Role): void } {
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
    restartAs: (role) => {
      restart(backend.world);
      backend.world.staff.role = role;
    },
  };
}
