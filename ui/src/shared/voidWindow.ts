import { MINUTE_MS } from './time';

/**
 * Returns true if an entry was recorded longer ago than the void window, so that only supervisors and managers may void
 * it. The domain has the same rule in `void_window_passed`.
 */
export const voidWindowPassed = (recordedAt: number, now: number, windowMinutes: number): boolean =>
  now - recordedAt > windowMinutes * MINUTE_MS;
