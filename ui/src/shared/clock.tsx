import { useEffect, useState } from 'react';

const MINUTE_MS = 60_000;

/** The present moment, told again at the start of every minute. */
export function useNow(): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout>;
    const tick = () => {
      const present = Date.now();
      setNow(present);
      timer = setTimeout(tick, MINUTE_MS - (present % MINUTE_MS) + 20);
    };
    timer = setTimeout(tick, MINUTE_MS - (Date.now() % MINUTE_MS) + 20);
    return () => clearTimeout(timer);
  }, []);
  return now;
}
