import type { Command, RecordKind } from '../types';
import { nameView } from './views';
import { customerOf, type MockPenalty, newId, newRecordState, refuse, type World } from './world';

export type Of<T extends Command['type']> = Extract<Command, { type: T }>;

export interface Change {
  areaId?: string | null;
  points?: number;
  penaltyPoints?: number;
  code?: MockPenalty['code'];
  ground?: Of<'deductPenalty'>['ground'];
}

export function note(
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

export function whole(value: number | undefined, field: string, min: number, max: number): number {
  if (typeof value !== 'number' || !Number.isInteger(value)) throw refuse('not_whole', { field });
  if (value < min || value > max) throw refuse('out_of_range', { field, min, max });
  return value;
}

export function living(world: World, customerId: string) {
  const customer = customerOf(world, customerId);
  if (customer.erased) throw refuse('customer_erased');
  return customer;
}

export function checkVoidWindow(world: World, at: number): void {
  const minutes = world.rules.voidWindowMinutes;
  if (world.staff.role === 'staff' && Date.now() - at > minutes * 60_000) {
    throw refuse('void_window_passed', { minutes });
  }
}
