import { useRef } from 'react';
import type { AppError, CustomerName, Outcome } from '../../backend';
import { useRecentEntries } from '../../shared/data/queries';
import { useAction } from '../../shared/data/useAction';
import { useSession } from '../../shared/session';
import { lastUndoable, type Undo } from './undo';
import type { Notices } from './useNotices';

const ENTRIES = 30;
/** After an undo, the entry before isn't offered for this time, so that a bouncing key asks nothing. */
const DEBOUNCE_MS = 500;

export interface Undoing {
  /**
   * Undoes the entry that the notice is about. If there is none, asks about this terminal's last entry that can be
   * undone: nobody sees whose it is, so it isn't undone at once.
   */
  undo(): Promise<void>;
  isPending: boolean;
  error: AppError | null;
  /** Clears the error of the last attempt. */
  reset(): void;
}

export function useUndo(
  { notice, showNothingToUndo }: Notices,
  onUndone: (outcome: Outcome, customer: CustomerName | null) => void,
  onAsk: (undo: Undo) => void,
): Undoing {
  const { rules } = useSession();
  const { data: recent } = useRecentEntries(undefined, ENTRIES);
  const { run, isPending, error, reset } = useAction();
  const undoneAt = useRef(0);

  const undo = async () => {
    const next = notice?.undo;
    if (!next) {
      const earlier = lastUndoable(recent ?? [], Date.now(), rules.voidWindowMinutes);
      if (!earlier) return showNothingToUndo();
      if (performance.now() - undoneAt.current >= DEBOUNCE_MS) onAsk(earlier);
      return;
    }
    const outcome = await run(next.command);
    if (!outcome) return;
    undoneAt.current = performance.now();
    onUndone(outcome, next.customer);
  };
  return { undo, isPending, error, reset };
}
