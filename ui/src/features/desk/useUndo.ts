import { useRef } from 'react';
import type { AppError, CustomerName, Outcome } from '../../backend';
import { useRecentEntries } from '../../shared/data/queries';
import { useAction } from '../../shared/data/useAction';
import { useSession } from '../../shared/session';
import { lastUndoable } from './undo';
import type { Notices } from './useNotices';

const ENTRIES = 30;
/** After an undo, the entry before isn't undone for this time, so that a bouncing key doesn't undo that one too. */
const DEBOUNCE_MS = 500;

export interface Undoing {
  /** Undoes the entry that the notice is about; if that can't be undone, this terminal's last entry that can. */
  undo(): Promise<void>;
  isPending: boolean;
  error: AppError | null;
  /** Clears the error of the last attempt. */
  reset(): void;
}

export function useUndo(
  { notice, showNothingToUndo }: Notices,
  onUndone: (outcome: Outcome, customer: CustomerName | null) => void,
): Undoing {
  const { rules } = useSession();
  const { data: recent } = useRecentEntries(undefined, ENTRIES);
  const { run, isPending, error, reset } = useAction();
  const undoneAt = useRef(0);

  const undo = async () => {
    const next = notice?.undo ?? lastUndoable(recent ?? [], Date.now(), rules.voidWindowMinutes);
    if (!next) return showNothingToUndo();
    if (!notice?.undo && performance.now() - undoneAt.current < DEBOUNCE_MS) return;
    const outcome = await run(next.command);
    if (!outcome) return;
    undoneAt.current = performance.now();
    onUndone(outcome, next.customer);
  };
  return { undo, isPending, error, reset };
}
