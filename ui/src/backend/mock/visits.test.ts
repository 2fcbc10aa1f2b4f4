import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { pay } from './points';
import { defaultScenario } from './scenario';
import { addCustomer, emptyWorld } from './seed';
import { checkIn, checkOut, checkOutArea, closeVisit, takeBackCheckOut, voidVisit } from './visits';
import { heldHere, insideOf, type MockVisit, statusOf, type World } from './world';

const MINUTE_MS = 60_000;
const FORGOTTEN_MS = 13 * 60 * MINUTE_MS;
let world: World;
let customerId: string;

const takeBack = ({ visitId }: MockVisit) => takeBackCheckOut(world, { type: 'takeBackCheckOut', visitId });
const held = () => heldHere(world, customerId);

function enter(): MockVisit {
  checkIn(world, { type: 'checkIn', customerId, areaId: '동문 흡연구역' });
  return world.visits.at(-1) as MockVisit;
}

function leave(visit: MockVisit, { earns } = { earns: true }): MockVisit {
  checkOut(world, { type: 'checkOut', visitId: visit.visitId });
  visit.earned = earns;
  return visit;
}

const refusal = (code: string, params: object = {}) => expect.objectContaining({ code, params });
const thrown = (work: () => unknown): unknown => {
  try {
    return work();
  } catch (error) {
    return error;
  }
};

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'], now: Date.parse('2026-03-11T10:47:00+09:00') });
  world = emptyWorld({ ...defaultScenario, seed: 'empty', role: 'staff' });
  ({ customerId } = addCustomer(world, { name: '강민석' }));
});
afterEach(() => vi.useRealTimers());

describe('taking a check-out back', () => {
  it('takes the points back, and the customer is inside again', () => {
    const visit = leave(enter());
    expect(held()).toBe(100);
    expect(takeBack(visit)).toEqual({
      type: 'checkOutTakenBack',
      visitId: visit.visitId,
      customerId,
      points: 100,
    });
    expect(statusOf(visit)).toBe('CHECKED_IN');
    expect(insideOf(world, customerId)).toBe(visit);
    expect(held()).toBe(0);
    const { visitId: subjectId, areaId } = visit;
    expect(world.records.at(-1)).toMatchObject({
      kind: 'checkOutTakenBack',
      subjectId,
      areaId,
      points: -100,
    });
  });

  it('leaves the customer what is no longer held, and a second check-out earns again', () => {
    const visit = leave(enter());
    pay(world, { type: 'pay', customerId, points: 70 });
    expect(takeBack(visit)).toMatchObject({ points: 30 });
    expect(held()).toBe(0);
    leave(visit);
    expect(statusOf(visit)).toBe('EARNED');
    expect(held()).toBe(100);
    expect(takeBack(visit)).toMatchObject({ points: 100 });
    expect(held()).toBe(0);
  });

  it('takes nothing back of what was not earned yet, which then is never earned', () => {
    const visit = leave(enter(), { earns: false });
    expect(takeBack(visit)).toMatchObject({ points: 0 });
    expect(world.records.at(-1)).toMatchObject({ points: null });
    expect(visit.earning).toBeNull();
  });

  it('is refused where there is no check-out, or the visit is void', () => {
    const visit = enter();
    expect(thrown(() => takeBack(visit))).toEqual(refusal('not_checked_out'));
    takeBack(leave(visit));
    expect(thrown(() => takeBack(visit))).toEqual(refusal('not_checked_out'));
    closeVisit(world, { type: 'closeVisit', visitId: visit.visitId, reason: 'day_close' });
    expect(thrown(() => takeBack(visit))).toEqual(refusal('not_checked_out'));
    const other = leave(enter());
    voidVisit(world, { type: 'voidVisit', visitId: other.visitId, reason: 'mistaken' });
    expect(thrown(() => takeBack(other))).toEqual(refusal('already_voided'));
    expect(thrown(() => takeBack({ ...other, visitId: 'none' }))).toEqual(refusal('unknown_visit'));
  });

  it('is refused while the customer is inside again', () => {
    const visit = leave(enter());
    const { since } = enter();
    const inside = refusal('already_inside', { areaName: '동문 흡연구역', since });
    expect(thrown(() => takeBack(visit))).toEqual(inside);
  });

  it('is for staff within the void window of the check-out, later for supervisors', () => {
    const visit = enter();
    vi.setSystemTime(Date.now() + 60 * MINUTE_MS);
    leave(visit);
    vi.setSystemTime(Date.now() + 15 * MINUTE_MS);
    takeBack(visit);
    leave(visit);
    vi.setSystemTime(Date.now() + 15 * MINUTE_MS + 1);
    expect(thrown(() => takeBack(visit))).toEqual(
      refusal('void_window_passed', { minutes: 15, until: expect.any(Number), needed: 'supervisor' }),
    );
    world.staff.role = 'supervisor';
    expect(takeBack(visit)).toMatchObject({ points: 100 });
  });
});

describe('areas', () => {
  const roof = { areaId: 'roof', name: '옥상', capacity: 1 };
  const enterRoof = (who: string, areaId = '옥상') =>
    checkIn(world, { type: 'checkIn', customerId: who, areaId });
  let another: string;

  beforeEach(() => {
    world.areas.push({ ...roof });
    ({ customerId: another } = addCustomer(world, { name: '오재현' }));
  });

  it('full of a customer’s own forgotten visit admit that customer', () => {
    enterRoof(customerId);
    vi.setSystemTime(Date.now() + FORGOTTEN_MS);
    expect(thrown(() => enterRoof(another))).toEqual(refusal('area_full', { areaName: '옥상', capacity: 1 }));
    expect(enterRoof(customerId)).toMatchObject({ type: 'checkedIn', areaId: roof.areaId });
    expect(world.visits.map(statusOf)).toEqual(['CLOSED', 'CHECKED_IN']);
  });

  it('are left by all; forgotten visits end without points', () => {
    Object.assign(world.areas.at(-1) as object, { capacity: null });
    enterRoof(customerId);
    vi.setSystemTime(Date.now() + FORGOTTEN_MS);
    enterRoof(another);
    expect(checkOutArea(world, { type: 'checkOutArea', areaId: roof.areaId })).toEqual({
      type: 'areaCheckedOut',
      areaId: roof.areaId,
      count: 1,
      closed: 1,
      left: 0,
      act: expect.any(String),
    });
    expect(world.visits.map(statusOf)).toEqual(['CLOSED', 'CHECKED_OUT']);
  });

  it('that read alike are one area, and a retired one isn’t added again', () => {
    expect(enterRoof(customerId, '\u3000옥상 ')).toMatchObject({ areaId: roof.areaId });
    world.retiredAreas = world.areas.splice(-1);
    expect(thrown(() => enterRoof(another, ' 옥상'))).toEqual(refusal('area_retired', { areaName: '옥상' }));
  });
});
