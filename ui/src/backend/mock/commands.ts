import type { Command, Outcome, ProfileInput, RecordKind } from '../types';
import { addCustomer } from './seed';
import { nameView } from './views';
import {
  customerOf,
  heldElsewhere,
  heldHere,
  insideOf,
  isInside,
  type MockPenalty,
  type MockVisit,
  newId,
  newRecordState,
  outstandingOf,
  outstandingOfPenalty,
  refuse,
  standingOf,
  type World,
} from './world';

type Of<T extends Command['type']> = Extract<Command, { type: T }>;

interface Change {
  areaId?: string | null;
  points?: number;
  penaltyPoints?: number;
  code?: MockPenalty['code'];
  ground?: Of<'deductPenalty'>['ground'];
}

function note(
  world: World,
  customerId: string,
  kind: RecordKind,
  subjectId: string | null,
  change: Change = {},
): void {
  world.records.push({
    eventId: newId(),
    at: Date.now(),
    customer: nameView(customerOf(world, customerId)),
    kind,
    subjectId,
    areaId: change.areaId ?? null,
    code: change.code ?? null,
    ground: change.ground ?? null,
    points: change.points ?? null,
    penaltyPoints: change.penaltyPoints ?? null,
    by: world.staff.name,
    state: newRecordState(world),
  });
}

function whole(value: number | undefined, field: string, min: number, max: number): number {
  if (typeof value !== 'number' || !Number.isInteger(value)) throw refuse('not_whole', { field });
  if (value < min || value > max) throw refuse('out_of_range', { field, min, max });
  return value;
}

function living(world: World, customerId: string) {
  const customer = customerOf(world, customerId);
  if (customer.erased) throw refuse('customer_erased');
  return customer;
}

function checkPoint(world: World): void {
  if (world.scenario.pointStopped) throw refuse('point_unavailable');
}

function checkVoidWindow(world: World, at: number): void {
  const minutes = world.rules.voidWindowMinutes;
  if (world.staff.role === 'staff' && Date.now() - at > minutes * 60_000) {
    throw refuse('void_window_passed', { minutes });
  }
}

function visitOf(world: World, visitId: string): MockVisit {
  const visit = world.visits.find((one) => one.visitId === visitId);
  if (!visit) throw refuse('unknown_visit');
  return visit;
}

function checkIn(world: World, { customerId, areaId, admission }: Of<'checkIn'>): Outcome {
  const area = world.areas.find((one) => one.areaId === areaId);
  if (!area) throw refuse('unknown_area');
  const customer = customerId ? living(world, customerId) : null;
  if (customer) {
    const already = insideOf(world, customer.customerId);
    if (already) {
      const areaName = world.areas.find((one) => one.areaId === already.areaId)?.name ?? '';
      throw refuse('already_inside', { areaName, since: already.since });
    }
    const outstanding = outstandingOf(world, customer.customerId);
    if (standingOf(world, outstanding) === 'PROHIBITED') {
      if (!admission) {
        throw refuse('prohibited', { outstanding, threshold: world.rules.prohibitAt, asOf: Date.now() });
      }
      if (world.staff.role === 'staff') throw refuse('not_authorised');
    }
  }
  const present = world.visits.filter((visit) => isInside(visit) && visit.areaId === areaId).length;
  if (area.capacity !== null && present >= area.capacity) {
    throw refuse('area_full', { areaName: area.name, capacity: area.capacity });
  }
  const who = customer ?? addCustomer(world, {});
  const visit: MockVisit = {
    visitId: newId(),
    customerId: who.customerId,
    areaId,
    since: Date.now(),
    endedAt: null,
    status: 'CHECKED_IN',
    points: 0,
    admitted: admission !== undefined,
    by: world.staff.name,
  };
  world.visits.push(visit);
  note(world, who.customerId, 'checkedIn', visit.visitId, { areaId });
  return { type: 'checkedIn', visitId: visit.visitId, customerId: who.customerId, areaId, at: visit.since };
}

function endVisit(world: World, visit: MockVisit, given?: number): Outcome {
  if (visit.status === 'VOIDED') throw refuse('not_inside');
  if (!isInside(visit)) throw refuse('already_checked_out');
  visit.endedAt = Date.now();
  visit.status = visit.admitted ? 'CLOSED' : 'CHECKED_OUT';
  const points = given ?? world.rules.pointsPerVisit;
  visit.points = visit.admitted ? 0 : points;
  note(world, visit.customerId, visit.admitted ? 'visitClosed' : 'checkedOut', visit.visitId, {
    areaId: visit.areaId,
    points: visit.points || undefined,
  } as Change);
  return {
    type: 'checkedOut',
    visitId: visit.visitId,
    customerId: visit.customerId,
    status: visit.status,
    earningId: visit.admitted ? null : newId(),
    points: visit.admitted ? null : points,
  };
}

function pay(world: World, command: Of<'pay'>): Outcome {
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

function voidPayment(world: World, { paymentId }: Of<'voidPayment'>): Outcome {
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

function adjust(world: World, command: Of<'adjustPoints'>): Outcome {
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

function impose(world: World, command: Of<'imposePenalty'>): Outcome {
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

function deduct(world: World, command: Of<'deductPenalty'>): Outcome {
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
    outstanding,
    standing: standingOf(world, outstanding),
  };
}

function voidPenalty(world: World, { penaltyId }: Of<'voidPenalty'>): Outcome {
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

function checkProfile(world: World, { name, phone, card }: ProfileInput, customerId?: string): void {
  if (name === '') throw refuse('empty', { field: 'name' });
  for (const [field, text, max] of [
    ['name', name, 100],
    ['phone', phone ?? '', 30],
    ['card', card ?? '', 64],
  ] as const) {
    if ([...text].length > max) throw refuse('too_long', { field, max });
    if (text.includes('\0')) throw refuse('invalid_text', { field });
  }
  const carrier = [...world.customers.values()].find(
    (one) => card && one.card === card && one.customerId !== customerId,
  );
  if (carrier) throw refuse('card_taken', { customerId: carrier.customerId, name: carrier.name ?? '' });
}

function revise(world: World, { customerId, baseRevision, profile }: Of<'reviseCustomer'>): Outcome {
  const customer = living(world, customerId);
  if (customer.revision !== baseRevision) throw refuse('revised_meanwhile', { revision: customer.revision });
  checkProfile(world, profile, customerId);
  customer.revision += 1;
  customer.name = profile.name;
  customer.phone = profile.phone ?? null;
  customer.card = profile.card ?? null;
  return { type: 'customerSaved', customerId, revision: customer.revision };
}

function saveArea(world: World, { areaId, name, capacity }: Of<'saveArea'>): Outcome {
  if (name === '') throw refuse('empty', { field: 'name' });
  if (world.areas.some((one) => one.name === name && one.areaId !== areaId)) throw refuse('area_name_taken');
  const limit = capacity === undefined ? null : whole(capacity, 'capacity', 1, 100_000);
  const id = areaId ?? newId();
  const saved = { areaId: id, name, capacity: limit };
  world.areas = areaId
    ? world.areas.map((one) => (one.areaId === areaId ? saved : one))
    : [...world.areas, saved];
  return { type: 'areaSaved', areaId: id };
}

function retireArea(world: World, { areaId }: Of<'retireArea'>): Outcome {
  const area = world.areas.find((one) => one.areaId === areaId);
  if (!area) throw refuse('unknown_area');
  const present = world.visits.filter((visit) => isInside(visit) && visit.areaId === areaId).length;
  if (present > 0) throw refuse('area_occupied', { areaName: area.name, present });
  world.areas = world.areas.filter((one) => one.areaId !== areaId);
  return { type: 'done' };
}

/** Decides a command as the program does, and folds what it records into the world. */
export function decide(world: World, command: Command): Outcome {
  switch (command.type) {
    case 'checkIn':
      return checkIn(world, command);
    case 'checkOut': {
      const given = command.points === undefined ? undefined : whole(command.points, 'points', 1, 1_000_000);
      return endVisit(world, visitOf(world, command.visitId), given);
    }
    case 'checkOutArea': {
      const here = world.visits.filter((visit) => isInside(visit) && visit.areaId === command.areaId);
      for (const visit of here) endVisit(world, visit);
      return { type: 'areaCheckedOut', areaId: command.areaId, count: here.length };
    }
    case 'closeVisit': {
      const visit = visitOf(world, command.visitId);
      if (!isInside(visit)) throw refuse('already_checked_out');
      visit.status = 'CLOSED';
      visit.endedAt = Date.now();
      note(world, visit.customerId, 'visitClosed', visit.visitId, { areaId: visit.areaId });
      return { type: 'visitEnded', visitId: visit.visitId, status: 'CLOSED' };
    }
    case 'voidVisit': {
      const visit = visitOf(world, command.visitId);
      if (visit.status === 'VOIDED') throw refuse('already_voided');
      checkVoidWindow(world, visit.since);
      visit.status = 'VOIDED';
      note(world, visit.customerId, 'visitVoided', visit.visitId, { areaId: visit.areaId });
      return { type: 'visitEnded', visitId: visit.visitId, status: 'VOIDED' };
    }
    case 'pay':
      return pay(world, command);
    case 'voidPayment':
      return voidPayment(world, command);
    case 'adjustPoints':
      return adjust(world, command);
    case 'imposePenalty':
      return impose(world, command);
    case 'deductPenalty':
      return deduct(world, command);
    case 'voidPenalty':
      return voidPenalty(world, command);
    case 'linkCustomers': {
      const { customerId, otherId } = command;
      if (customerId === otherId) throw refuse('same_customer');
      const one = living(world, customerId);
      const other = living(world, otherId);
      if (one.linked.includes(otherId)) throw refuse('already_linked');
      one.linked.push(otherId);
      other.linked.push(customerId);
      return { type: 'done' };
    }
    case 'eraseCustomer': {
      const customer = living(world, command.customerId);
      Object.assign(customer, { erased: true, name: null, phone: null, card: null });
      note(world, customer.customerId, 'customerErased', null);
      return { type: 'done' };
    }
    case 'registerCustomer': {
      checkProfile(world, command.profile);
      const { name, phone, card } = command.profile;
      const { customerId } = addCustomer(world, { name, phone: phone ?? null, card: card ?? null });
      return { type: 'customerSaved', customerId, revision: 1 };
    }
    case 'reviseCustomer':
      return revise(world, command);
    case 'saveArea':
      return saveArea(world, command);
    case 'retireArea':
      return retireArea(world, command);
    case 'saveFacility':
      if (command.name === '') throw refuse('empty', { field: 'facilityName' });
      world.facility = { ...world.facility, name: command.name };
      return { type: 'done' };
    case 'saveTerminal':
      if (command.name === '') throw refuse('empty', { field: 'terminalName' });
      world.terminal = { ...world.terminal, name: command.name };
      return { type: 'done' };
  }
}
