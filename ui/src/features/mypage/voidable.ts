import type { Command, MypageEntry, VoidReason } from '../../backend';

export type Voidable = 'payment' | 'penalty' | 'deduction';

/** What an entry is that this terminal can still void; null if it can't. */
export function voidableOf(entry: MypageEntry): Voidable | null {
  if (entry.voidablePayment !== null) return 'payment';
  if (entry.voidablePenalty !== null) return 'penalty';
  return entry.voidableDeduction === null ? null : 'deduction';
}

/** The command that voids an entry. */
export function voidOf(entry: MypageEntry, reason: VoidReason): Command {
  const { voidablePayment: paymentId, voidableDeduction: deductionId } = entry;
  if (paymentId !== null) return { type: 'voidPayment', paymentId, reason };
  if (deductionId === null) return { type: 'voidPenalty', penaltyId: entry.voidablePenalty ?? '', reason };
  return { type: 'voidPenaltyDeduction', penaltyId: entry.otherId ?? '', deductionId, reason };
}
