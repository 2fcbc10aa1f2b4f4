import { useEffect, useState } from 'react';

const TICK_MS = 250;

/** The moment at which a wait that the program named just now will be over, by the page's clock, which nobody sets. */
export const endOfWait = (waitMs: number | null): number | null =>
  waitMs === null || waitMs <= 0 ? null : performance.now() + waitMs;

/** The seconds until a moment by the page's clock; 0 when it has passed or there is none. */
export function useCountdown(endsAt: number | null): number {
  const [now, setNow] = useState(() => performance.now());
  useEffect(() => {
    setNow(performance.now());
    if (endsAt === null) return;
    const timer = setInterval(() => setNow(performance.now()), TICK_MS);
    return () => clearInterval(timer);
  }, [endsAt]);
  return endsAt === null ? 0 : Math.max(0, Math.ceil((endsAt - now) / 1_000));
}
