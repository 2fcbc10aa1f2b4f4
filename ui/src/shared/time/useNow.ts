import { useEffect, useState } from 'react';
import { MINUTE_MS } from './calendar';

/** Added to the timer's delay, because a timer may fire slightly early. */
const TIMER_MARGIN_MS = 20;

const untilNextMinute = (now: number) => MINUTE_MS - (now % MINUTE_MS) + TIMER_MARGIN_MS;

/** The current time, updated at the start of every minute and when the window is looked at again. */
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
    // Timers stand still while the computer sleeps; whoever wakes it must not read yesterday's day.
    const onWake = () => {
      clearTimeout(timer);
      tick();
    };
    window.addEventListener('focus', onWake);
    document.addEventListener('visibilitychange', onWake);
    return () => {
      clearTimeout(timer);
      window.removeEventListener('focus', onWake);
      document.removeEventListener('visibilitychange', onWake);
    };
  }, []);
  return now;
}
