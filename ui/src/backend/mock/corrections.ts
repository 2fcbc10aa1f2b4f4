import type { AppError, Correctable, Correction, CorrectionKind } from '../types';
import type { Act } from './acts';
import { expectAct } from './permission';
import { checkVoid, checkVoidWindow, recordedAt, voidUntil } from './record';
import { expectInside, expectNotInside } from './visits';
import { type Deed, earnedBy, isInside, type MockVisit, refuse, type World } from './world';

const ACT_OF: Record<CorrectionKind, Act> = {
  voidVisit: 'voidVisit',
  takeBackCheckOut: 'takeBackCheckOut',
  closeVisit: 'closeVisit',
  voidPayment: 'voidPayment',
  adjustPoints: 'adjustPoints',
  voidPenalty: 'voidPenalty',
  voidPenaltyDeduction: 'voidPenaltyDeduction',
};

/** Runs the checks of a correction's command, without recording anything. */
function correction(
  world: World,
  kind: CorrectionKind,
  check: () => void = () => {},
  deed: Pick<Deed, 'at' | 'enteredAt'> | null = null,
): Correction {
  try {
    expectAct(world, ACT_OF[kind]);
    check();
  } catch (refused) {
    return { kind, refused: refused as AppError, until: null };
  }
  return { kind, refused: null, until: deed && voidUntil(world, recordedAt(deed)) };
}

const ofVoid = (world: World, kind: CorrectionKind, deed: Deed & { void: unknown }): Correction =>
  correction(
    world,
    kind,
    () => {
      if (deed.void) throw refuse('already_voided');
      checkVoid(world, deed);
    },
    deed,
  );

function takeBack(world: World, { customerId, end }: MockVisit): Correction {
  const check = () => {
    if (end?.kind !== 'checkOut') throw refuse('not_checked_out');
    checkVoidWindow(world, end);
    expectNotInside(world, customerId);
  };
  return correction(world, 'takeBackCheckOut', check, end);
}

function ofVisit(world: World, visitId: string): Correction[] {
  const visit = world.visits.find((one) => one.visitId === visitId);
  if (!visit) return [];
  const { since: at, by, voided } = visit;
  const entered = visit.enteredAt === undefined ? {} : { enteredAt: visit.enteredAt };
  return [
    ...(isInside(visit) ? [correction(world, 'closeVisit', () => expectInside(visit))] : []),
    ...(visit.end?.kind === 'checkOut' && !voided ? [takeBack(world, visit)] : []),
    ofVoid(world, 'voidVisit', { at, by, ...entered, void: voided }),
    ...(earnedBy(visit) === 0 ? [] : [correction(world, 'adjustPoints')]),
  ];
}

function ofCheckOuts(world: World, act: string): Correction[] {
  const outs = world.records.filter((entry) => entry.kind === 'checkedOut' && entry.act === act);
  const tried = outs.flatMap(({ subjectId }) => {
    const visit = world.visits.find(({ visitId }) => visitId === subjectId);
    return visit ? [takeBack(world, visit)] : [];
  });
  const first = tried.find(({ refused }) => refused === null) ?? tried[0];
  const none: Correction = { kind: 'takeBackCheckOut', refused: refuse('not_checked_out'), until: null };
  return [first ?? none];
}

/** What can be corrected of something, each with the refusal that it would get now. */
export function correctionsView(world: World, of: Correctable): Correction[] {
  switch (of.type) {
    case 'visit':
      return ofVisit(world, of.visitId);
    case 'checkOuts':
      return ofCheckOuts(world, of.act);
    case 'payment': {
      const payment = world.payments.find(({ paymentId }) => paymentId === of.paymentId);
      return payment ? [ofVoid(world, 'voidPayment', payment), correction(world, 'adjustPoints')] : [];
    }
    case 'adjustment': {
      const isKnown = world.adjustments.some(({ id }) => id === of.adjustmentId);
      return isKnown ? [correction(world, 'adjustPoints')] : [];
    }
    case 'penalty': {
      const penalty = world.penalties.find(({ penaltyId }) => penaltyId === of.penaltyId);
      return penalty ? [ofVoid(world, 'voidPenalty', penalty)] : [];
    }
    case 'penaltyDeduction': {
      const deduction = world.deductions.find(({ deductionId }) => deductionId === of.deductionId);
      if (!deduction) return [];
      const adjust = deduction.price === 0 ? [] : [correction(world, 'adjustPoints')];
      return [ofVoid(world, 'voidPenaltyDeduction', deduction), ...adjust];
    }
  }
}
