import { DEFAULT_SCANNER, type ScannerSettings } from './runs';

const KEY = 'nosmoke.scanner';
/** Slower than this, a scanner can't be told from a hand by any setting. */
export const SLOWEST_PACE_MS = 200;

const listeners = new Set<() => void>();
let current: ScannerSettings | null = null;

/** Reads how this terminal's scanner types. It belongs to the computer, so it isn't part of the facility's data. */
export function readScanner(): ScannerSettings {
  current ??= load();
  return current;
}

function load(): ScannerSettings {
  try {
    const { paceMs, prefix } = JSON.parse(localStorage.getItem(KEY) ?? '{}') as Partial<ScannerSettings>;
    return {
      paceMs:
        typeof paceMs === 'number' && paceMs > 0 ? Math.min(paceMs, SLOWEST_PACE_MS) : DEFAULT_SCANNER.paceMs,
      prefix: typeof prefix === 'string' ? prefix : '',
    };
  } catch {
    return DEFAULT_SCANNER;
  }
}

export function saveScanner(settings: ScannerSettings): void {
  current = settings;
  try {
    localStorage.setItem(KEY, JSON.stringify(settings));
  } catch {
    // Local storage isn't available: the setting lasts until the window is closed.
  }
  for (const listener of listeners) listener();
}

/** Forgets the setting read before, for tests. */
export function reloadScanner(): void {
  current = null;
  for (const listener of listeners) listener();
}

export function onScannerSaved(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
