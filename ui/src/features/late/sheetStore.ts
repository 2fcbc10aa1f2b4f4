import type { Line } from './lines';

/** The sheet is kept, with ids but without anybody's name, so that it outlives a closed window or a power cut. */
const keyFor = (terminal: string) => `nosmoke.lateSheet.${terminal}`;

export function readSheet(terminal: string): Line[] {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(keyFor(terminal)) ?? '[]');
    return Array.isArray(kept) ? kept.filter((line) => typeof line?.idempotencyKey === 'string') : [];
  } catch {
    return [];
  }
}

export function keepSheet(terminal: string, lines: Line[]): void {
  try {
    if (lines.length === 0) localStorage.removeItem(keyFor(terminal));
    else localStorage.setItem(keyFor(terminal), JSON.stringify(lines));
  } catch {
    // Local storage isn't available: the sheet lasts as long as the window.
  }
}
