import { useState } from 'react';
import type { SyncView } from '../../backend';

/** A progress bar is shown from this number of pending facts on; fewer are normal. */
const BACKLOG_MIN = 5;

export interface Sending {
  /** The largest size of the backlog while it is being sent; 0 without a backlog. */
  total: number;
  sent: number;
}

/**
 * The progress of sending a backlog, compared with its largest size: the program reports only the facts still pending.
 */
export function useSending({ pending, connection }: SyncView): Sending {
  const [peak, setPeak] = useState(0);
  const isSending = connection.state === 'online' && pending > 0;
  const next = isSending ? Math.max(peak, pending) : 0;
  if (next !== peak) setPeak(next);
  return next < BACKLOG_MIN ? { total: 0, sent: 0 } : { total: next, sent: next - pending };
}
