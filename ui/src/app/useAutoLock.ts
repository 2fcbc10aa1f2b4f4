import { useEffect } from 'react';

const LOOK_INTERVAL_MS = 1_000;
const MINUTE_MS = 60_000;

/**
 * Locks the terminal after this number of minutes without a key or a click; 0 for never. The page's own clock counts, and also
 * the computer's, because the page's stands still while the computer sleeps.
 */
export function useAutoLock(minutes: number, lock: () => void): void {
  useEffect(() => {
    if (minutes === 0) return;
    let last = { page: performance.now(), computer: Date.now() };
    const note = () => {
      last = { page: performance.now(), computer: Date.now() };
    };
    const look = () => {
      const idleMs = Math.max(performance.now() - last.page, Date.now() - last.computer);
      if (idleMs >= minutes * MINUTE_MS) lock();
    };
    const events = ['keydown', 'pointerdown', 'wheel'] as const;
    for (const event of events) window.addEventListener(event, note, { capture: true, passive: true });
    const timer = setInterval(look, LOOK_INTERVAL_MS);
    return () => {
      clearInterval(timer);
      for (const event of events) window.removeEventListener(event, note, { capture: true });
    };
  }, [minutes, lock]);
}
