import type { Outcome } from '../types';
import { type Change, living, note, type Of } from './record';
import { addCustomer } from './seed';
import {
  insideOf,
  isInside,
  type MockVisit,
  newId,
  outstandingOf,
  refuse,
  standingOf,
  type World,
} from './world';

export function visitOf(world: World, visitId: string): MockVisit {
  const visit = world.visits.find((one) => one.visitId === visitId);
  if (!visit) throw refuse('unknown_visit');
  return visit;
}

export function checkIn(world: World, { customerId, areaId, admission }: Of<'checkIn'>): Outcome {
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

export function endVisit(world: World, visit: MockVisit, given?: number): Outcome {
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
