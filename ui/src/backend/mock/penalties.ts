import type { Outcome } from '../types';
import { AMOUNT_MAX, noteOf, PENALTY_POINTS_MAX, whole } from './limits';
import { expectHeld } from './points';
import { checkEntryDays, checkVoid, deed, expectLiving, note, type Of } from './record';
import { findArea } from './visits';
import {
  customerOf,
  heldElsewhere,
  heldHere,
  type MockCustomer,
  type MockPenalty,
  newId,
  outstandingOf,
  outstandingOfPenalty,
  refuse,
  standingOf,
  type World,
  worstOf,
} from './world';

/**
 * Returns a customer's own outstanding points, and the standing, for which the linked ids of the same person count too.
 */
function standingAfter(world: World, customerId: string) {
  const outstanding = outstandingOf(world, customerId);
  const standing = standingOf(world, outstandingOf(world, worstOf(world, customerId)));
  return { outstanding, standing };
}

export function impose(world: World, command: Of<'imposePenalty'>): Outcome {
  const given = command.points === undefined ? null : whole(command.points, 'points', 1, PENALTY_POINTS_MAX);
  checkEntryDays(world, command.happenedAt);
  const customer = customerOf(world, command.customerId);
  const area = command.areaId === undefined ? null : findArea(world, command.areaId);
  if (area === undefined) throw refuse('unknown_area');
  const text = customer.erased ? null : noteOf(command.note);
  const { customerId } = expectLiving(customer);
  const code = command.code ?? 'BASIC';
  const points = given ?? world.rules.codes.find((one) => one.code === code)?.points ?? 0;
  const areaId = area?.areaId ?? null;
  const penaltyId = newId();
  world.penalties.push({
    ...deed(world, command.happenedAt),
    penaltyId,
    accrualId: newId(),
    customerId,
    code,
    points,
    areaId,
    note: text,
    void: null,
    terminalName: world.terminal.name,
  });
  const change = { penaltyPoints: points, areaId, code, happenedAt: command.happenedAt };
  note(world, customerId, 'penaltyImposed', penaltyId, change);
  return { type: 'penaltyImposed', penaltyId, points, ...standingAfter(world, customerId) };
}

function penaltyOf(world: World, penaltyId: string): MockPenalty {
  const penalty = world.penalties.find((one) => one.penaltyId === penaltyId);
  if (!penalty) throw refuse('unknown_penalty');
  return penalty;
}

export const isEducated = (world: World, penaltyId: string): boolean =>
  world.deductions.some(
    (one) => one.penaltyId === penaltyId && one.ground === 'education' && one.void === null,
  );

/** The points that an education deducts: half of the imposed points, but never more than the outstanding ones. */
export const educationPoints = (world: World, penalty: MockPenalty): number =>
  Math.min(outstandingOfPenalty(world, penalty), Math.max(1, Math.floor(penalty.points / 2)));

function pointsToDeduct(
  world: World,
  penalty: MockPenalty,
  ground: MockGround,
  given: number | null,
): number {
  const outstanding = outstandingOfPenalty(world, penalty);
  if (ground === 'education') {
    if (given !== null) throw refuse('points_not_allowed');
    if (isEducated(world, penalty.penaltyId)) throw refuse('education_already_deducted');
    if (outstanding === 0) throw refuse('nothing_outstanding');
    return educationPoints(world, penalty);
  }
  if (given === null) throw refuse('points_needed');
  if (outstanding === 0) throw refuse('nothing_outstanding');
  if (given > outstanding) throw refuse('more_than_outstanding', { outstanding });
  return given;
}

type MockGround = Of<'deductPenalty'>['ground'];

export function deduct(world: World, command: Of<'deductPenalty'>): Outcome {
  const { penaltyId, ground } = command;
  const given = command.points === undefined ? null : whole(command.points, 'points', 1, AMOUNT_MAX);
  checkEntryDays(world, command.happenedAt);
  const penalty = penaltyOf(world, penaltyId);
  checkEntryDays(world, command.happenedAt, penalty.at);
  const { customerId } = penalty;
  const customer = customerOf(world, customerId);
  const text = customer.erased ? null : noteOf(command.note);
  if (penalty.void) throw refuse('already_voided');
  const points = pointsToDeduct(world, penalty, ground, given);
  const remaining = outstandingOfPenalty(world, penalty) - points;
  const paid = command.pay ? payFor(world, customer, points) : { price: null, balance: null };
  const deductionId = newId();
  const price = paid.price ?? 0;
  world.deductions.push({
    ...deed(world, command.happenedAt),
    deductionId,
    penaltyId,
    customerId,
    ground,
    points,
    price,
    note: text,
    void: null,
  });
  const change = {
    penaltyPoints: -points,
    points: -price || null,
    ground,
    deductionId,
    happenedAt: command.happenedAt,
  };
  note(world, customerId, 'penaltyDeducted', penaltyId, change);
  const after = standingAfter(world, customerId);
  return { type: 'penaltyDeducted', penaltyId, deductionId, points, remaining, ...after, ...paid };
}

/** Returns what a deduction of these points costs, and the balance after paying that. */
function payFor(world: World, customer: MockCustomer, points: number) {
  expectLiving(customer);
  const { pricePerPenaltyPoint } = world.rules;
  if (pricePerPenaltyPoint === null) throw refuse('price_is_off');
  const price = pricePerPenaltyPoint * points;
  return { price, balance: expectHeld(world, customer, price) - price };
}

export function voidPenalty(world: World, { penaltyId }: Of<'voidPenalty'>): Outcome {
  const penalty = penaltyOf(world, penaltyId);
  if (penalty.void) throw refuse('already_voided');
  checkVoid(world, penalty);
  const id = note(world, penalty.customerId, 'penaltyVoided', penaltyId);
  penalty.void = { ...deed(world), id };
  return { type: 'penaltyVoided', penaltyId, ...standingAfter(world, penalty.customerId) };
}

export function voidDeduction(world: World, { penaltyId, deductionId }: Of<'voidPenaltyDeduction'>): Outcome {
  penaltyOf(world, penaltyId);
  const deduction = world.deductions.find(
    (one) => one.penaltyId === penaltyId && one.deductionId === deductionId,
  );
  if (!deduction) throw refuse('unknown_deduction');
  const { customerId, points, ground } = deduction;
  const price = deduction.price || null;
  if (deduction.void) throw refuse('already_voided');
  checkVoid(world, deduction);
  const change = { penaltyPoints: points, points: price, ground, deductionId };
  const id = note(world, customerId, 'penaltyDeductionVoided', penaltyId, change);
  deduction.void = { ...deed(world), id };
  const balance = price === null ? null : heldHere(world, customerId) + heldElsewhere(world, customerId);
  const after = standingAfter(world, customerId);
  return { type: 'penaltyDeductionVoided', penaltyId, deductionId, points, ...after, price, balance };
}
