import { asAppError, type Backend } from '../backend';
import { isLocked, markLocked, onLockedChange } from '../shared/layers';

/** The calls that only read. Made while the terminal is locked, they wait until somebody signs in. */
const READS = new Set<string>([
  ...[
    'searchCustomers',
    'alikeCustomers',
    'customerCard',
    'linkedCustomers',
    'occupancy',
    'recentEntries',
    'mypage',
    'chart',
    'corrections',
    'why',
  ],
  ...[
    'printer',
    'slipEntries',
    'syncChip',
    'plans',
    'planPicture',
    'placePenalties',
    'syncView',
    'review',
    'day',
    'period',
    'reviewCount',
    'overtakenEdits',
    'quarantine',
    'services',
    'traces',
    'trace',
    'tracing',
    'imports',
  ],
  ...['mypageEngine', 'backupSchedule', 'connection', 'gateway', 'updates', 'staffMembers', 'permissions'],
  ...[
    'tokens',
    'accessLog',
    'accessLogStatus',
    'whoDidWhat',
    'recorders',
    'erasurePreview',
    'unseenCustomers',
    'keeping',
  ],
  ...['rulesEditor', 'ruleSets', 'rulesPreview'],
]);

const unlocked = () =>
  new Promise<void>((resolve) => {
    if (!isLocked()) return resolve();
    const unlisten = onLockedChange(() => {
      unlisten();
      resolve();
    });
  });

/** The backend of the screens, which waits while the terminal is locked. */
export interface Gate {
  backend: Backend;
  /** Ends the gate with its screens: what still waits is asked no more. */
  close(): void;
}

/**
 * Keeps the screens below the lock screen from asking: what they want to read waits, and is then read by whoever has
 * signed in. If the program says that nobody is signed in, the page becomes locked. Nothing else is repeated: what was
 * meant by one person must not be done as another.
 */
export function gateBackend(backend: Backend): Gate {
  const calls = backend as unknown as Record<string, (...input: unknown[]) => Promise<unknown>>;
  let isClosed = false;
  const never = new Promise<never>(() => {});
  const pass = (name: string, input: unknown[]): Promise<unknown> => {
    if (isClosed) return never;
    if (READS.has(name) && isLocked()) return unlocked().then(() => pass(name, input));
    const answer = calls[name]?.(...input);
    return (answer ?? Promise.reject(new TypeError(name))).catch((thrown: unknown) => {
      if (isClosed || asAppError(thrown).code !== 'not_signed_in') throw thrown;
      markLocked(true);
      if (READS.has(name)) return pass(name, input);
      throw thrown;
    });
  };
  const gated = new Proxy(backend, {
    get(target, name) {
      const found: unknown = Reflect.get(target, name);
      if (typeof name !== 'string' || typeof found !== 'function' || /^on[A-Z]/.test(name)) return found;
      return (...input: unknown[]) => pass(name, input);
    },
  });
  return {
    backend: gated,
    close: () => {
      isClosed = true;
    },
  };
}
