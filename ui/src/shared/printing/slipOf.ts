import type { RecentEntry, SlipInput } from '../../backend';

/** The slip of an entry: a receipt or a notice of a penalty; null for an entry without one. */
export function slipOf({ kind, subjectId }: RecentEntry): SlipInput | null {
  if (subjectId === null) return null;
  if (kind === 'paid') return { type: 'receipt', paymentId: subjectId };
  return kind === 'penaltyImposed' ? { type: 'penalty', penaltyId: subjectId } : null;
}
