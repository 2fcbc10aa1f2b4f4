import type { Correctable, MypageEntry } from '../../backend';

/** What an entry is, so that its corrections can be asked; null for entries that nothing corrects. */
export function correctableOf({ kind, id, otherId }: MypageEntry): Correctable | null {
  switch (kind) {
    case 'visit':
      return { type: 'visit', visitId: id };
    case 'payment':
      return { type: 'payment', paymentId: id };
    case 'adjustment':
      return { type: 'adjustment', adjustmentId: id };
    case 'penalty':
      return { type: 'penalty', penaltyId: id };
    case 'penaltyDeduction':
      return { type: 'penaltyDeduction', penaltyId: otherId ?? '', deductionId: id };
    default:
      return null;
  }
}
