import type { Command, HolderView, Outcome } from '../types';
import { AMOUNT_MAX, noteOf, whole } from './limits';
import { educationPoints } from './penalties';
import { checkEntryDays, checkVoid, deed, expectLiving, note, type Of } from './record';
import { customerOf, heldElsewhere, heldHere, type MockCustomer, newId, refuse, type World } from './world';

/** A terminal is heard if its last heartbeat is younger than this. */
const HEARD_MS = 15_000;

const canGive = ({ gives, earlier, lastHeardAt }: HolderView): boolean =>
  gives && !earlier && lastHeardAt !== null && Date.now() - lastHeardAt < HEARD_MS;

/** The points of a customer that a command takes. */
function taken(world: World, command: Command): { customerId: string; points: number } | null {
  if (command.type === 'pay') return { customerId: command.customerId, points: Number(command.points) };
  if (command.type === 'adjustPoints')
    return { customerId: command.customerId, points: -Number(command.points) };
  if (command.type !== 'deductPenalty' || !command.pay) return null;
  const penalty = world.penalties.find(({ penaltyId }) => penaltyId === command.penaltyId);
  if (!penalty) return null;
  const deducted = Number(command.points ?? educationPoints(world, penalty));
  return { customerId: penalty.customerId, points: deducted * (world.rules.pricePerPenaltyPoint ?? 0) };
}

/**
 * Returns the request for points with which a command begins that needs more than this terminal holds; null if it has
 * enough, or if the terminals that could give points don't have enough.
 */
export function pointsRequest(world: World, command: Command): { give(): void } | null {
  const { customerId, points } = taken(world, command) ?? {};
  const customer = customerId === undefined ? undefined : world.customers.get(customerId);
  if (world.scenario.sync !== 'online' || !customer || points === undefined) return null;
  let missing = points - heldHere(world, customer.customerId);
  const givers = customer.holders.filter(canGive);
  const givable = givers.reduce((sum, holder) => sum + holder.points, 0);
  if (!(missing > 0 && missing <= givable)) return null;
  const give = () => {
    for (const holder of givers) {
      const given = Math.min(missing, holder.points);
      holder.points -= given;
      customer.received += given;
      missing -= given;
    }
    customer.holders = customer.holders.filter((holder) => holder.points > 0);
  };
  return { give };
}

/** Refuses a payment of more points than this terminal holds of the customer. Returns the balance. */
export function expectHeld(world: World, { customerId, holders }: MockCustomer, points: number): number {
  const payableHere = Math.max(0, heldHere(world, customerId));
  const balance = heldHere(world, customerId) + heldElsewhere(world, customerId);
  if (points > balance) throw refuse('insufficient_points', { balance });
  if (points > payableHere) throw refuse('held_elsewhere', { balance, payableHere, holders });
  return balance;
}

export function pay(world: World, command: Of<'pay'>): Outcome {
  const points = whole(command.points, 'points', 1, AMOUNT_MAX);
  const { happenedAt } = command;
  checkEntryDays(world, happenedAt);
  const customer = customerOf(world, command.customerId);
  const text = customer.erased ? null : noteOf(command.note);
  const balance = expectHeld(world, expectLiving(customer), points) - points;
  const { customerId } = customer;
  const [paymentId, deductionId] = [newId(), newId()];
  world.payments.push({
    ...deed(world, happenedAt),
    paymentId,
    deductionId,
    customerId,
    points,
    note: text,
    void: null,
  });
  note(world, customerId, 'paid', paymentId, { points: -points, happenedAt });
  return { type: 'paid', paymentId, deductionId, points, balance };
}

export function voidPayment(world: World, { paymentId }: Of<'voidPayment'>): Outcome {
  const payment = world.payments.find((one) => one.paymentId === paymentId);
  if (!payment) throw refuse('unknown_payment');
  if (payment.void) throw refuse('already_voided');
  checkVoid(world, payment);
  const { customerId, points } = payment;
  const id = note(world, customerId, 'paymentVoided', paymentId, { points });
  payment.void = { ...deed(world), id };
  const balance = heldHere(world, customerId) + heldElsewhere(world, customerId);
  return { type: 'paymentVoided', paymentId, points, balance };
}

export function adjust(world: World, command: Of<'adjustPoints'>): Outcome {
  const points = delta(command.points);
  const customer = customerOf(world, command.customerId);
  const { customerId } = customer;
  const text = customer.erased ? null : noteOf(command.note);
  if (points < 0) expectHeld(world, customer, -points);
  const id = newId();
  world.adjustments.push({ ...deed(world), id, customerId, points, reason: command.reason, note: text });
  note(world, customerId, 'pointsAdjusted', id, { points });
  const balance = heldHere(world, customerId) + heldElsewhere(world, customerId);
  return { type: 'pointsAdjusted', customerId, points, balance };
}

/** Checks the points of a correction, positive or negative but not 0, and returns them. */
function delta(value: unknown): number {
  const points = whole(value, 'points', -AMOUNT_MAX, AMOUNT_MAX);
  if (points === 0) throw refuse('out_of_range', { field: 'points', min: -AMOUNT_MAX, max: AMOUNT_MAX });
  return points;
}
