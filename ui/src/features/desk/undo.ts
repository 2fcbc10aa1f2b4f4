import type { Command, Outcome, RecentRecord } from '../../backend';

const MINUTE_MS = 60_000;

/** The command that takes back what was just recorded, where there is one. */
export function undoOf(outcome: Outcome): Command | null {
  switch (outcome.type) {
    case 'checkedIn':
      return { type: 'voidVisit', visitId: outcome.visitId, reason: 'mistaken' };
    case 'paid':
      return { type: 'voidPayment', paymentId: outcome.paymentId, reason: 'mistaken' };
    case 'penaltyImposed':
      return { type: 'voidPenalty', penaltyId: outcome.penaltyId, reason: 'mistaken' };
    default:
      return null;
  }
}

function undoOfRecord({ kind, subjectId }: RecentRecord): Command | null {
  if (subjectId === null) return null;
  switch (kind) {
    case 'checkedIn':
      return { type: 'voidVisit', visitId: subjectId, reason: 'mistaken' };
    case 'paid':
      return { type: 'voidPayment', paymentId: subjectId, reason: 'mistaken' };
    case 'penaltyImposed':
      return { type: 'voidPenalty', penaltyId: subjectId, reason: 'mistaken' };
    default:
      return null;
  }
}

export interface Undo {
  record: RecentRecord;
  command: Command;
}

/**
 * The newest of this terminal's records that can still be taken back. One that something else was recorded
 * about since (a check-out, a void, a deduction) is left alone.
 */
export function lastUndoable(records: RecentRecord[], now: number, windowMinutes: number): Undo | null {
  const touched = new Set<string>();
  for (const record of records) {
    if (now - record.at > windowMinutes * MINUTE_MS) return null;
    const command = undoOfRecord(record);
    if (command && record.subjectId !== null && !touched.has(record.subjectId)) return { record, command };
    if (record.subjectId !== null) touched.add(record.subjectId);
  }
  return null;
}
