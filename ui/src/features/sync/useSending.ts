import { useState } from 'react';
import type { SyncView } from '../../backend';

/** Fewer than these are what was just recorded, not a backlog. */
const BACKLOG = 5;

export interface Sending {
  /** How many waited when it began; 0 where nothing worth a bar is being sent. */
  total: number;
  sent: number;
}

/** How far a backlog has come since this screen first saw it: the program only tells what is left. */
export function useSending({ pending, link }: SyncView): Sending {
  const [peak, setPeak] = useState(0);
  const isSending = link.state === 'online' && pending > 0;
  const next = isSending ? Math.max(peak, pending) : 0;
  if (next !== peak) setPeak(next);
  return next < BACKLOG ? { total: 0, sent: 0 } : { total: next, sent: next - pending };
}
