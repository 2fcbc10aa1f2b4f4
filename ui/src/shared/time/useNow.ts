import { useEffect, useState } from 'react';
import { MINUTE_MS } from './calendar';

/** Added to the timer's delay, because a timer may fire slightly early. */
const TIMER_MARGIN_MS = 20;

const untilNextMinute = (now: number) => MINUTE_MS - (now % MINUTE_MS) + TIMER_MARGIN_MS;

/** The current time, updated at the start of every minute. */
export function useNow(): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout>;
    const tick = () => {
      const present = Date.now();
      setNow(present);
      timer = setTimeout(tick, untilNextMinute(present));
    };
    timer = setTimeout(tick, untilNextMinute(Date.now()));
    return () => clearTimeout(timer);
  }, []);
  return now;
}
