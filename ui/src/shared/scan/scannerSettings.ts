import { DEFAULT_SCANNER, type ScannerSettings } from './runs';

const listeners = new Set<() => void>();
let current: ScannerSettings = DEFAULT_SCANNER;

/** Returns how this terminal's scanner types, as its preferences say. Keys come before React renders, so it is here. */
export const readScanner = (): ScannerSettings => current;

/** Applies the scanner of this terminal's preferences. */
export function adoptScanner(settings: ScannerSettings): void {
  if (settings.paceMs === current.paceMs && settings.prefix === current.prefix) return;
  current = settings;
  for (const listener of listeners) listener();
}

export function onScannerChange(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
