import type { Command, FactKind, Role } from '../types';
import { actingRole } from './permission';
import { nameView } from './views';
import {
  customerOf,
  type Deed,
  type MockCustomer,
  type MockPenalty,
  newEntryState,
  newId,
  refuse,
  type World,
} from './world';

const MINUTE_MS = 60_000;

export type Of<T extends Command['type']> = Extract<Command, { type: T }>;

export interface Change {
  areaId?: string | null;
  points?: number | null;
  penaltyPoints?: number;
  code?: MockPenalty['code'];
  ground?: Of<'deductPenalty'>['ground'];
  deductionId?: string;
  /** The first fact of an act that checks several people out. */
  act?: string | null;
}

/** Adds a fact, in the form in which the desk's recent entries show it. Returns the fact's id. */
export function note(
  world: World,
  customerId: string,
  kind: FactKind,
  subjectId: string | null,
  change: Change = {},
): string {
  const eventId = newId();
  if (world.approver) world.approvals.set(eventId, world.approver);
  world.records.push({
    eventId,
    at: Date.now(),
    customer: nameView(customerOf(world, customerId)),
    kind,
    subjectId,
    deductionId: change.deductionId ?? null,
    act: kind === 'checkedOut' ? (change.act ?? eventId) : null,
    together: 1,
    areaId: change.areaId ?? null,
    code: change.code ?? null,
    ground: change.ground ?? null,
    points: change.points ?? null,
    penaltyPoints: change.penaltyPoints ?? null,
    by: world.staff.name,
    state: newEntryState(world),
  });
  return eventId;
}

/** The present time, and the name of the staff member who works at the terminal. */
export const deed = ({ staff }: World) => ({ at: Date.now(), by: staff.name });

export function expectLiving(customer: MockCustomer): MockCustomer {
  if (customer.erased) throw refuse('customer_erased');
  return customer;
}

/** How long a role may void, in minutes; null for no limit. */
const windowOf = ({ rules }: World, role: Role): number | null =>
  ({
    staff: rules.voidWindowMinutes,
    supervisor: rules.supervisorVoidWindowMinutes,
    manager: null,
  })[role];

const isInWindow = (world: World, at: number, role = actingRole(world)): boolean => {
  const minutes = windowOf(world, role);
  return minutes === null || Date.now() - at <= minutes * MINUTE_MS;
};

/** When the void window of who works here ends for something; null if it doesn't. */
export function voidUntil(world: World, at: number): number | null {
  const minutes = windowOf(world, actingRole(world));
  return minutes === null ? null : at + minutes * MINUTE_MS;
}

export function checkVoidWindow(world: World, { at }: { at: number }): void {
  if (isInWindow(world, at)) return;
  const needed = isInWindow(world, at, 'supervisor') ? 'supervisor' : 'manager';
  const minutes = windowOf(world, actingRole(world));
  throw refuse('void_window_passed', { minutes, until: voidUntil(world, at), needed });
}

/** Refuses a void to the role staff of what somebody else recorded, or too long ago. */
export function checkVoid(world: World, deed: Deed): void {
  if (actingRole(world) === 'staff' && deed.by !== world.staff.name)
    throw refuse('not_authorised', { needed: 'supervisor' });
  checkVoidWindow(world, deed);
}
