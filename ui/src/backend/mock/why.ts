import type { LineKind, Moment, PointsLine, Why, WhyInput } from '../types';
import { draftsOf } from './mypage';
import { recordedWhy, recordingOf } from './recorded';
import { rulesAt } from './rules';
import { verdictView } from './verdict';
import { customerOf, heldElsewhere, heldHere, type MockVisit, type World } from './world';

/** The kinds of facts that Mypage's entries are of. */
const KINDS: Partial<Record<ReturnType<typeof draftsOf>[number]['kind'], LineKind>> = {
  visit: 'earned',
  payment: 'paid',
  paymentVoid: 'paymentVoided',
  adjustment: 'pointsAdjusted',
  penaltyDeduction: 'penaltyDeducted',
  penaltyDeductionVoid: 'penaltyDeductionVoided',
  writeOff: 'reclaimed',
};

/**
 * Returns the world as it was at a moment. The mock is one terminal, which knew everything at once, so that both views are
 * the same.
 */
export function worldAt(world: World, { at }: Moment): World {
  const was = <T extends { at: number }>(list: T[]) => list.filter((one) => one.at <= at);
  const unvoided = <T extends { at: number; void: { at: number } | null }>(list: T[]) =>
    was(list).map((one) => (one.void && one.void.at > at ? { ...one, void: null } : one));
  const visit = (one: MockVisit): MockVisit =>
    one.end && one.end.at > at ? { ...one, end: null, earning: null, earned: false, voided: false } : one;
  return {
    ...world,
    visits: world.visits.filter(({ since }) => since <= at).map(visit),
    payments: unvoided(world.payments),
    adjustments: was(world.adjustments),
    writeOffs: was(world.writeOffs),
    penalties: unvoided(world.penalties),
    deductions: unvoided(world.deductions),
  };
}

/** Explains a balance and a standing. In the mock nothing ends, but for the customer of whom answers are recorded. */
export function whyView(now: World, { customerId, moment }: WhyInput): Why {
  customerOf(now, customerId);
  const recording = recordingOf(now, customerId);
  if (recording) return recordedWhy(recording, moment);
  const world = moment ? worldAt(now, moment) : now;
  let balance = 0;
  const lines = draftsOf(world, customerId)
    .filter(({ points }) => points)
    .sort((a, b) => a.at - b.at)
    .map(({ at, kind, points, by, terminalName }): PointsLine => {
      const change = points ?? 0;
      balance += change;
      const lots = [{ lastDay: null, points: change }];
      // The program itself records what is earned.
      const line = { at, kind: KINDS[kind] ?? 'earned', points: change, balance, terminalName };
      const who = kind === 'visit' ? null : by;
      const named = kind === 'paymentVoid' || kind === 'penaltyDeductionVoid' || kind === 'writeOff';
      return { ...line, by: who, lots: named ? [] : lots, generation: rulesAt(world, at).generation };
    });
  const held = heldHere(world, customerId) + heldElsewhere(world, customerId);
  return {
    at: moment?.at ?? Date.now(),
    verdict: { ...verdictView(world, customerId), ...(moment ? { asOf: moment.at } : {}) },
    points: {
      balance: held,
      earlier: 0,
      earlierBalance: 0,
      lines,
      lots: held === 0 ? [] : [{ lastDay: null, points: held }],
    },
    knownSince: null,
  };
}
