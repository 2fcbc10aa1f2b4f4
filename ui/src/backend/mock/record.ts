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
  /** When it happened, if it is entered afterwards. */
  happenedAt?: number | undefined;
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
    at: change.happenedAt ?? Date.now(),
    enteredAt: change.happenedAt === undefined ? null : Date.now(),
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

/** When something happened, now unless it is entered afterwards, and the name of who works at the terminal. */
export const deed = ({ staff }: World, happenedAt?: number): Deed => ({
  at: happenedAt ?? Date.now(),
  by: staff.name,
  ...(happenedAt !== undefined && { enteredAt: Date.now() }),
});

const DAY_MS = 86_400_000;
const SEOUL_MS = 9 * 3_600_000;

/** Refuses what happened too long ago to be entered now, or hasn't happened yet. */
export function checkEntryDays({ rules }: World, at: number | undefined, from = 0): void {
  if (at === undefined) return;
  const until = Date.now();
  const today = Math.floor((until + SEOUL_MS) / DAY_MS) * DAY_MS - SEOUL_MS;
  const first = Math.max(from, today - rules.enterAfterwardsDays * DAY_MS);
  if (at < first || at > until) throw refuse('outside_entry_days', { from: first, until });
}

export const recordedAt = ({ at, enteredAt }: { at: number; enteredAt?: number | null }): number =>
  enteredAt ?? at;

/** Whether a clock that was over 10 minutes ahead stamped a fact. */
export const isAhead = (at: number): boolean => at - Date.now() > 10 * MINUTE_MS;

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

export function checkVoidWindow(world: World, deed: Pick<Deed, 'at' | 'enteredAt'>): void {
  const at = recordedAt(deed);
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
