import type { Outcome } from '../types';
import { checkVoidWindow, living, note, type Of, whole } from './record';
import { checkPoint } from './services';
import {
  customerOf,
  heldElsewhere,
  heldHere,
  newId,
  outstandingOf,
  outstandingOfPenalty,
  refuse,
  standingOf,
  type World,
} from './world';

export function pay(world: World, command: Of<'pay'>): Outcome {
  checkPoint(world);
  const points = whole(command.points, 'points', 1, Number.MAX_SAFE_INTEGER);
  const { customerId } = living(world, command.customerId);
  const payableHere = heldHere(world, customerId);
  const balance = payableHere + heldElsewhere(world, customerId);
  if (points > balance) throw refuse('insufficient_points', { balance, points });
  if (points > payableHere) {
    throw refuse('held_elsewhere', { balance, payableHere, holders: customerOf(world, customerId).holders });
  }
  const payment = {
    paymentId: newId(),
    deductionId: newId(),
    customerId,
    at: Date.now(),
    points,
    note: command.note ?? null,
    voided: false,
    voidedAt: null,
    by: world.staff.name,
  };
  world.payments.push(payment);
  note(world, customerId, 'paid', payment.paymentId, { points: -points });
  return {
    type: 'paid',
    paymentId: payment.paymentId,
    deductionId: payment.deductionId,
    points,
    balance: balance - points,
  };
}

export function voidPayment(world: World, { paymentId }: Of<'voidPayment'>): Outcome {
  const payment = world.payments.find((one) => one.paymentId === paymentId);
  if (!payment) throw refuse('unknown_payment');
  if (payment.voided) throw refuse('already_voided');
  checkVoidWindow(world, payment.at);
  payment.voided = true;
  payment.voidedAt = Date.now();
  note(world, payment.customerId, 'paymentVoided', paymentId, { points: payment.points });
  const balance = heldHere(world, payment.customerId) + heldElsewhere(world, payment.customerId);
  return { type: 'paymentVoided', paymentId, points: payment.points, balance };
}

export function adjust(world: World, command: Of<'adjustPoints'>): Outcome {
  checkPoint(world);
  const points = whole(command.points, 'points', -1_000_000, 1_000_000);
  const { customerId } = customerOf(world, command.customerId);
  const here = heldHere(world, customerId);
  if (here + points < 0) throw refuse('insufficient_points', { balance: here, points: -points });
  world.adjustments.push({
    id: newId(),
    customerId,
    at: Date.now(),
    points,
    reason: command.reason,
    note: command.note ?? null,
    by: world.staff.name,
  });
  note(world, customerId, 'pointsAdjusted', null, { points });
  return {
    type: 'pointsAdjusted',
    customerId,
    points,
    balance: here + points + heldElsewhere(world, customerId),
  };
}

export function impose(world: World, command: Of<'imposePenalty'>): Outcome {
  checkPoint(world);
  const { customerId } = living(world, command.customerId);
  const code = command.code ?? 'BASIC';
  const ruled = world.rules.codes.find((one) => one.code === code)?.points ?? 10;
  const points = command.points === undefined ? ruled : whole(command.points, 'points', 1, 1_000);
  const penaltyId = newId();
  world.penalties.push({
    penaltyId,
    customerId,
    at: Date.now(),
    code,
    points,
    areaId: command.areaId ?? null,
    note: command.note ?? null,
    voided: false,
    voidedAt: null,
    by: world.staff.name,
    terminalName: world.terminal.name,
  });
  note(world, customerId, 'penaltyImposed', penaltyId, {
    penaltyPoints: points,
    areaId: command.areaId ?? null,
    code,
  });
  const outstanding = outstandingOf(world, customerId);
  return { type: 'penaltyImposed', penaltyId, points, outstanding, standing: standingOf(world, outstanding) };
}

export function deduct(world: World, command: Of<'deductPenalty'>): Outcome {
  checkPoint(world);
  const penalty = world.penalties.find((one) => one.penaltyId === command.penaltyId);
  if (!penalty) throw refuse('unknown_penalty');
  if (penalty.voided) throw refuse('already_voided');
  const { penaltyId, customerId } = penalty;
  const left = outstandingOfPenalty(world, penalty);
  if (left === 0) throw refuse('nothing_outstanding');
  let points: number;
  if (command.ground === 'education') {
    if (command.points !== undefined) throw refuse('points_not_allowed');
    if (world.deductions.some((one) => one.penaltyId === penaltyId && one.ground === 'education')) {
      throw refuse('education_already_deducted');
    }
    points = Math.min(left, Math.max(1, Math.floor(penalty.points / 2)));
  } else {
    if (command.points === undefined) throw refuse('points_needed');
    points = whole(command.points, 'points', 1, 1_000_000);
    if (points > left) throw refuse('more_than_outstanding', { outstanding: left });
  }
  if (command.ground === 'waiver' && world.staff.role === 'staff') throw refuse('not_authorised');
  const deductionId = newId();
  world.deductions.push({
    deductionId,
    penaltyId,
    customerId,
    at: Date.now(),
    ground: command.ground,
    points,
    note: command.note ?? null,
    by: world.staff.name,
  });
  note(world, customerId, 'penaltyDeducted', penaltyId, { penaltyPoints: -points, ground: command.ground });
  const outstanding = outstandingOf(world, customerId);
  return {
    type: 'penaltyDeducted',
    penaltyId,
    deductionId,
    points,
    remaining: left - points,
    outstanding,
    standing: standingOf(world, outstanding),
  };
}

export function voidPenalty(world: World, { penaltyId }: Of<'voidPenalty'>): Outcome {
  checkPoint(world);
  const penalty = world.penalties.find((one) => one.penaltyId === penaltyId);
  if (!penalty) throw refuse('unknown_penalty');
  if (penalty.voided) throw refuse('already_voided');
  checkVoidWindow(world, penalty.at);
  const left = outstandingOfPenalty(world, penalty);
  penalty.voided = true;
  penalty.voidedAt = Date.now();
  note(world, penalty.customerId, 'penaltyVoided', penaltyId, { penaltyPoints: -left });
  const outstanding = outstandingOf(world, penalty.customerId);
  return { type: 'penaltyVoided', penaltyId, outstanding, standing: standingOf(world, outstanding) };
}
