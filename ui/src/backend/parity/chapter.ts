import type { ProfileInput } from '../types';
import type { Desk } from './desk';

/** A part of the day, which is played in the same way on the mock and on the real program. */
export interface Chapter {
  name: string;
  play(desk: Desk): Promise<void>;
}

/** An id that belongs to nothing. */
export const NO_ONE = '00000000-0000-4000-8000-000000000000';

export const EAST = '동문 흡연구역';
/** An area for one person. */
export const BOOTH = '북측 임시부스';
export const ROOF = '옥상 정원';

export const MANAGER_PIN = '246810';
/** The people below manager, who are added during the day. */
export const PEOPLE = {
  supervisor: { name: '최민준', pin: '246802' },
  staff: { name: '이하은', pin: '1357' },
} as const;

/** A name that is one letter too long. */
export const LONG_NAME = '가'.repeat(201);

export async function register(desk: Desk, profile: ProfileInput): Promise<string> {
  const saved = await desk.record(`register ${profile.name}`, { type: 'registerCustomer', profile });
  if (!saved) throw new Error(`${desk.side.name} refused to register ${profile.name}`);
  desk.customers.set(profile.name, saved.customerId);
  return saved.customerId;
}

export async function areaNamed(desk: Desk, name: string): Promise<string> {
  const { areas } = await desk.backend.occupancy();
  const found = areas.find(({ area }) => area.name === name);
  if (!found) throw new Error(`${desk.side.name} has no area ${name}`);
  return found.area.areaId;
}

/** Checks a customer in, for steps that test something else. Returns the visit's id. */
export async function enter(desk: Desk, name: string, area: string): Promise<string> {
  const entered = await desk.record(`${name} checks in`, {
    type: 'checkIn',
    customerId: desk.customer(name),
    areaId: area,
  });
  if (!entered) throw new Error(`${desk.side.name} refused ${name}`);
  return entered.visitId;
}
