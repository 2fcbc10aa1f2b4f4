import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { formatIsoDate, MINUTE_MS, useNow } from '../time';
import { keys } from './queries';

/** How often what depends on the time of day is loaded again, such as who has been inside for too long. */
const TURN_MS = 10 * MINUTE_MS;

/** What depends on the day: verdicts with a last day, sums of a month, what happened today. */
const OF_THE_DAY = [keys.customers, keys.occupancy, keys.recent, keys.mypage];
const OF_THE_HOUR = [keys.customers, keys.occupancy];

/**
 * Loads again what time alone changes, as the program sends no events for that: in a window that is open for days, after the
 * computer has slept, and after its clock was set. Used only once, by the window's frame.
 */
export function useTurns(): void {
  const client = useQueryClient();
  const now = useNow();
  const [day, turn] = [formatIsoDate(now), Math.floor(now / TURN_MS)];
  const seen = useRef({ day, turn });
  useEffect(() => {
    if (seen.current.turn === turn) return;
    const affected = seen.current.day === day ? OF_THE_HOUR : OF_THE_DAY;
    seen.current = { day, turn };
    for (const queryKey of affected) void client.invalidateQueries({ queryKey });
  }, [client, day, turn]);
}
