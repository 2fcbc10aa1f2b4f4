import { useEffect, useState } from 'react';
import { MINUTE_MS, SECOND_MS } from './calendar';

/**
 * How often the clock is looked at. A timer until the next minute would stand still while the computer sleeps, and would
 * be wrong after the clock was set.
 */
const LOOK_INTERVAL_MS = 2 * SECOND_MS;

const minuteOf = (at: number) => Math.floor(at / MINUTE_MS);

/** One timer serves all components; it looks also when the window is looked at again. */
const lookers = new Set<() => void>();
let timer: ReturnType<typeof setInterval> | undefined;

function look(): void {
  for (const looker of lookers) looker();
}

function follow(looker: () => void): () => void {
  if (lookers.size === 0) {
    timer = setInterval(look, LOOK_INTERVAL_MS);
    window.addEventListener('focus', look);
    document.addEventListener('visibilitychange', look);
  }
  lookers.add(looker);
  return () => {
    lookers.delete(looker);
    if (lookers.size > 0) return;
    clearInterval(timer);
    window.removeEventListener('focus', look);
    document.removeEventListener('visibilitychange', look);
  };
}

/**
 * The current time, updated when another minute has begun: also when the computer has slept over midnight, or when its
 * clock was set back.
 */
export function useNow(): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(
    () => follow(() => setNow((shown) => (minuteOf(Date.now()) === minuteOf(shown) ? shown : Date.now()))),
    [],
  );
  return now;
}
