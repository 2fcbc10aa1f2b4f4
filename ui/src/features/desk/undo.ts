import type { Command, CustomerName, FactKind, Outcome, RecentEntry } from '../../backend';
import { voidWindowPassed } from '../../shared/voidWindow';

export interface Undo {
  command: Command;
  /** The customer whom the undone entry is about; null for a walk-in. */
  customer: CustomerName | null;
  /** The entry, if it isn't the one that the notice shows: whoever undoes it must be told which one it is. */
  entry?: RecentEntry;
}

/** Returns the command that undoes a command with this outcome; null if it can't be undone. */
export function undoOf(outcome: Outcome): Command | null {
  switch (outcome.type) {
    case 'checkedIn':
      return { type: 'voidVisit', visitId: outcome.visitId, reason: 'mistaken' };
    case 'checkedOut':
      return { type: 'takeBackCheckOut', visitId: outcome.visitId };
    case 'paid':
      return { type: 'voidPayment', paymentId: outcome.paymentId, reason: 'mistaken' };
    case 'penaltyImposed':
      return { type: 'voidPenalty', penaltyId: outcome.penaltyId, reason: 'mistaken' };
    default:
      return null;
  }
}

function undoOfEntry(kind: FactKind, subjectId: string): Command | null {
  switch (kind) {
    case 'checkedIn':
      return { type: 'voidVisit', visitId: subjectId, reason: 'mistaken' };
    case 'checkedOut':
      return { type: 'takeBackCheckOut', visitId: subjectId };
    case 'paid':
      return { type: 'voidPayment', paymentId: subjectId, reason: 'mistaken' };
    case 'penaltyImposed':
      return { type: 'voidPenalty', penaltyId: subjectId, reason: 'mistaken' };
    default:
      return null;
  }
}

/**
 * Finds the newest of this terminal's entries that can be undone. The void window limits this for every role. Skips an
 * entry if a later one is about the same subject, such as the check-in of a visit that was checked out or the void of a
 * payment. A check-out that was taken back counts as if it had never been.
 */
export function lastUndoable(entries: RecentEntry[], now: number, windowMinutes: number): Undo | null {
  const touched = new Set<string>();
  const takenBack = new Set<string>();
  for (const entry of entries) {
    const { at, kind, subjectId, customer } = entry;
    if (voidWindowPassed(at, now, windowMinutes)) return null;
    if (subjectId === null) continue;
    if (kind === 'checkOutTakenBack') {
      takenBack.add(subjectId);
      continue;
    }
    if (kind === 'checkedOut' && takenBack.delete(subjectId)) continue;
    const command = undoOfEntry(kind, subjectId);
    if (command && !touched.has(subjectId)) return { command, customer, entry };
    touched.add(subjectId);
  }
  return null;
}
