import type { AppError, Area, Outcome } from '../types';
import { checkNeeded, NAME_MAX, VISIT_POINTS_MAX, whole } from './limits';
import {
  checkEntryDays,
  checkVoid,
  checkVoidWindow,
  deed,
  expectLiving,
  note,
  type Of,
  recordedAt,
} from './record';
import { areaForm } from './searchKeys';
import { addCustomer } from './seed';
import { publishedOf } from './verdict';
import {
  areaOf,
  customerOf,
  earnedBy,
  heldHere,
  insideOf,
  isForgotten,
  isInside,
  type MockCustomer,
  type MockVisit,
  newId,
  outstandingOf,
  refuse,
  standingOf,
  statusOf,
  type World,
  worstOf,
} from './world';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Upper bound for the visits that one command ends. */
const AREA_BATCH = 500;

/** Finds an area by its id, or by a name that reads like its name. Refuses a retired one. */
export function findArea({ areas, retiredAreas }: World, meant: string): Area | undefined {
  const form = areaForm(meant);
  const isMeant = ({ areaId, name }: Area) => (UUID.test(meant) ? areaId === meant : areaForm(name) === form);
  const found = areas.find(isMeant);
  const retired = retiredAreas.find(isMeant);
  if (!found && retired) throw refuse('area_retired', { areaName: retired.name });
  return found;
}

/** Returns the area that a check-in names. Adds an area if the name is unknown, as the rules allow. */
function areaToEnter(world: World, meant: string): Area {
  const found = findArea(world, meant);
  if (found) return found;
  if (UUID.test(meant)) throw refuse('unknown_area');
  checkNeeded('areaId', meant, NAME_MAX);
  return { areaId: newId(), name: meant, capacity: null };
}

const insideArea = ({ visits }: World, areaId: string): MockVisit[] =>
  visits.filter((visit) => isInside(visit) && visit.areaId === areaId);

function alreadyInside(world: World, { areaId, since }: MockVisit): AppError {
  return refuse('already_inside', { areaName: areaOf(world, areaId)?.name ?? null, since });
}

/** Refuses somebody who is inside. */
export function expectNotInside(world: World, customerId: string): void {
  const inside = insideOf(world, customerId);
  if (inside) throw alreadyInside(world, inside);
}

/** Refuses a customer who may not check in. Returns the forgotten visit, if any, that this check-in closes. */
function admit(world: World, customer: MockCustomer, admission: unknown): MockVisit | undefined {
  const { customerId } = expectLiving(customer);
  const already = insideOf(world, customerId);
  if (already && !isForgotten(world, already)) throw alreadyInside(world, already);
  const { standing, outstanding, asOf } = publishedOf(world, customerId);
  if (standing === 'PROHIBITED' && !admission) {
    world.refusals.push(Date.now());
    throw refuse('prohibited', { outstanding, threshold: world.rules.prohibitAt, asOf });
  }
  return already;
}

export function checkIn(world: World, { customerId, areaId: meant, admission }: Of<'checkIn'>): Outcome {
  const area = areaToEnter(world, meant);
  const { areaId, capacity } = area;
  const known = customerId === undefined ? null : customerOf(world, customerId);
  const forgotten = known && admit(world, known, admission);
  // The customer's own forgotten visits don't count: this check-in closes them.
  const others = insideArea(world, areaId).filter((visit) => visit.customerId !== known?.customerId).length;
  if (capacity !== null && others >= capacity) throw refuse('area_full', { areaName: area.name, capacity });

  if (!world.areas.includes(area)) world.areas.push(area);
  const customer = known ?? addCustomer(world, {});
  const { at: since, by } = deed(world);
  const visit: MockVisit = {
    visitId: newId(),
    customerId: customer.customerId,
    areaId,
    since,
    by,
    admitted: admission !== undefined && publishedOf(world, customer.customerId).standing === 'PROHIBITED',
    end: null,
    earning: null,
    earned: false,
    kept: 0,
    voided: false,
  };
  note(world, customer.customerId, 'checkedIn', visit.visitId, { areaId });
  if (forgotten) close(world, forgotten);
  const closed = forgotten
    ? [{ visitId: forgotten.visitId, areaId: forgotten.areaId, since: forgotten.since }]
    : [];
  world.visits.push(visit);
  return {
    type: 'checkedIn',
    visitId: visit.visitId,
    customerId: customer.customerId,
    areaId,
    at: since,
    closed,
  };
}

function visitOf(world: World, visitId: string): MockVisit {
  const visit = world.visits.find((one) => one.visitId === visitId);
  if (!visit) throw refuse('unknown_visit');
  return visit;
}

export function expectInside(visit: MockVisit): void {
  const status = statusOf(visit);
  if (status === 'VOIDED') throw refuse('already_voided');
  if (visit.end?.kind === 'close') throw refuse('not_inside');
  if (status !== 'CHECKED_IN') throw refuse('already_checked_out');
}

export function checkOut(world: World, { visitId, points, confirmForgotten }: Of<'checkOut'>): Outcome {
  const given = points === undefined ? null : whole(points, 'points', 1, VISIT_POINTS_MAX);
  const visit = visitOf(world, visitId);
  expectInside(visit);
  if (isForgotten(world, visit) && !confirmForgotten) {
    throw refuse('visit_forgotten', { since: visit.since, hours: world.rules.forgottenAfterHours });
  }
  return leave(world, visit, given ?? world.rules.pointsPerVisit);
}

function leave(world: World, visit: MockVisit, points: number, act: string | null = null): Outcome {
  const { visitId, customerId, areaId } = visit;
  visit.end = { ...deed(world), kind: 'checkOut' };
  visit.earning = visit.admitted ? null : { earningId: newId(), points };
  note(world, customerId, 'checkedOut', visitId, { areaId, points: visit.earning?.points, act });
  return {
    type: 'checkedOut',
    visitId,
    customerId,
    status: visit.earning ? 'CHECKED_OUT' : 'CLOSED',
    earningId: visit.earning?.earningId ?? null,
    points: visit.earning?.points ?? null,
  };
}

/** Enters a visit afterwards, with both ends. It earns nothing where the ban was known by then. */
export function enterVisit(world: World, command: Of<'enterVisit'>): Outcome {
  const { areaId: meant, beganAt, endedAt } = command;
  checkEntryDays(world, beganAt);
  const customer = customerOf(world, command.customerId);
  const area = areaToEnter(world, meant);
  const { customerId } = expectLiving(customer);
  if (endedAt < beganAt || endedAt > Date.now()) throw refuse('not_during_visit', { since: beganAt });
  const known = { ...world, penalties: world.penalties.filter((one) => recordedAt(one) <= beganAt) };
  const isBanned = standingOf(world, outstandingOf(known, worstOf(known, customerId))) === 'PROHIBITED';
  if (!world.areas.includes(area)) world.areas.push(area);
  const visit: MockVisit = {
    ...deed(world, beganAt),
    visitId: newId(),
    customerId,
    areaId: area.areaId,
    since: beganAt,
    admitted: false,
    end: { ...deed(world, endedAt), kind: 'checkOut' },
    earning: isBanned ? null : { earningId: newId(), points: world.rules.pointsPerVisit },
    earned: false,
    kept: 0,
    voided: false,
  };
  world.visits.push(visit);
  const { visitId, areaId, earning } = visit;
  note(world, customerId, 'checkedIn', visitId, { areaId, happenedAt: beganAt });
  note(world, customerId, 'checkedOut', visitId, {
    areaId,
    points: earning?.points ?? null,
    happenedAt: endedAt,
  });
  return {
    type: 'checkedOut',
    visitId,
    customerId,
    status: earning ? 'CHECKED_OUT' : 'CLOSED',
    earningId: earning?.earningId ?? null,
    points: earning?.points ?? null,
  };
}

/** Takes a check-out back, with what it earned as far as this terminal still holds it. */
export function takeBackCheckOut(world: World, { visitId }: Of<'takeBackCheckOut'>): Outcome {
  const visit = visitOf(world, visitId);
  const { customerId, areaId, end, earned, earning } = visit;
  if (visit.voided) throw refuse('already_voided');
  if (end?.kind !== 'checkOut') throw refuse('not_checked_out');
  checkVoidWindow(world, end);
  expectNotInside(world, customerId);
  const points = earned && earning ? Math.min(earning.points, Math.max(0, heldHere(world, customerId))) : 0;
  Object.assign(visit, { end: null, earning: null, earned: false, kept: earnedBy(visit) - points });
  note(world, customerId, 'checkOutTakenBack', visitId, { areaId, points: -points || null });
  return { type: 'checkOutTakenBack', visitId, customerId, points };
}

export function checkOutArea(world: World, { areaId }: Of<'checkOutArea'>): Outcome {
  if (!areaOf(world, areaId)) throw refuse('unknown_area');
  const here = insideArea(world, areaId).sort((one, other) => one.since - other.since);
  const ended = here.slice(0, AREA_BATCH);
  const forgotten = ended.filter((visit) => isForgotten(world, visit));
  let act: string | null = null;
  for (const visit of ended) {
    if (forgotten.includes(visit)) close(world, visit);
    else leave(world, visit, world.rules.pointsPerVisit, act);
    act ??= world.records.at(-1)?.eventId ?? null;
  }
  const together = checkOutsOf(world, act);
  for (const entry of together) entry.together = together.length;
  return {
    type: 'areaCheckedOut',
    areaId,
    act: together.length > 0 ? act : null,
    count: ended.length - forgotten.length,
    closed: forgotten.length,
    left: here.length - ended.length,
  };
}

const checkOutsOf = ({ records }: World, act: string | null) =>
  records.filter((entry) => entry.kind === 'checkedOut' && entry.act === act);

/** Takes back together what an area's check-out ended, as far as each may still be taken back. */
export function takeBackAreaCheckOut(world: World, { act }: Of<'takeBackAreaCheckOut'>): Outcome {
  const outs = checkOutsOf(world, act);
  let [count, points] = [0, 0];
  let refusal: unknown = null;
  for (const { subjectId } of outs) {
    try {
      const outcome = takeBackCheckOut(world, { type: 'takeBackCheckOut', visitId: subjectId ?? '' });
      points += outcome.type === 'checkOutTakenBack' ? outcome.points : 0;
      count += 1;
    } catch (thrown) {
      refusal ??= thrown;
    }
  }
  if (count === 0) throw refusal ?? refuse('not_checked_out');
  const areaId = outs[0]?.areaId ?? '';
  return { type: 'areaCheckOutTakenBack', areaId, count, left: outs.length - count, points };
}

function close(world: World, visit: MockVisit, endedAt?: number): void {
  visit.end = { ...deed(world), ...(endedAt !== undefined && { at: endedAt }), kind: 'close' };
  note(world, visit.customerId, 'visitClosed', visit.visitId, { areaId: visit.areaId });
}

export function closeVisit(world: World, { visitId, endedAt }: Of<'closeVisit'>): Outcome {
  const visit = visitOf(world, visitId);
  expectInside(visit);
  const { since } = visit;
  if (endedAt !== undefined && (endedAt > Date.now() || endedAt < since))
    throw refuse('not_during_visit', { since });
  close(world, visit, endedAt);
  return { type: 'visitEnded', visitId, status: 'CLOSED' };
}

export function voidVisit(world: World, { visitId }: Of<'voidVisit'>): Outcome {
  const visit = visitOf(world, visitId);
  if (visit.voided) throw refuse('already_voided');
  checkVoid(world, { ...visit, at: visit.since });
  visit.voided = true;
  note(world, visit.customerId, 'visitVoided', visitId, { areaId: visit.areaId });
  return { type: 'visitEnded', visitId, status: 'VOIDED' };
}
