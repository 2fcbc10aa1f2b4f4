import type {
  AdjustReason,
  AppError,
  Area,
  ErrorCode,
  GatewaySetting,
  Ground,
  HolderView,
  LastBackup,
  PenaltyCode,
  Preferences,
  RecentRecord,
  RecordState,
  RulesView,
  Staff,
  Standing,
  VisitStatus,
} from '../types';
import type { MockEngine } from './engine';
import type { MockExchange } from './exchange';
import type { Scenario } from './scenario';
import type { MockServices } from './services';
import type { MockTraces } from './traces';

export interface MockCustomer {
  customerId: string;
  name: string | null;
  phone: string | null;
  card: string | null;
  registeredAt: number;
  revision: number;
  erased: boolean;
  linked: string[];
  holders: HolderView[];
  /** Only a key that isn't here opens the name. */
  unknownHere: boolean;
  /** Some facts are of a version not known here. */
  needsUpdate: boolean;
}
export interface MockVisit {
  visitId: string;
  customerId: string;
  areaId: string;
  since: number;
  endedAt: number | null;
  status: VisitStatus;
  points: number;
  /** Admitted although prohibited: it earns nothing. */
  admitted: boolean;
  by: string;
}
export interface MockPayment {
  paymentId: string;
  deductionId: string;
  customerId: string;
  at: number;
  points: number;
  note: string | null;
  voided: boolean;
  voidedAt: number | null;
  by: string;
}
export interface MockAdjustment {
  id: string;
  customerId: string;
  at: number;
  points: number;
  reason: AdjustReason;
  note: string | null;
  by: string;
}
export interface MockPenalty {
  penaltyId: string;
  customerId: string;
  at: number;
  code: PenaltyCode;
  points: number;
  areaId: string | null;
  note: string | null;
  voided: boolean;
  voidedAt: number | null;
  by: string;
  terminalName: string;
}
export interface MockDeduction {
  deductionId: string;
  penaltyId: string;
  customerId: string;
  at: number;
  ground: Ground;
  points: number;
  note: string | null;
  by: string;
}

/** Everything the program in memory knows. Views are worked out of it each time; nothing is cached. */
export interface World {
  scenario: Scenario;
  facility: { id: string; name: string };
  terminal: { id: string; name: string };
  staff: Staff;
  areas: Area[];
  rules: RulesView;
  preferences: Preferences;
  isSetUp: boolean;
  demonstration: boolean;
  lastBackup: LastBackup | null;
  customers: Map<string, MockCustomer>;
  visits: MockVisit[];
  payments: MockPayment[];
  adjustments: MockAdjustment[];
  penalties: MockPenalty[];
  deductions: MockDeduction[];
  /** Newest last. */
  records: RecentRecord[];
  exchange: MockExchange;
  engine: MockEngine;
  gateway: GatewaySetting;
  services: MockServices;
  traces: MockTraces;
  answered: Map<string, { body: string; answer: unknown }>;
}

export const refuse = (code: ErrorCode, params: Record<string, unknown> = {}): AppError => ({ code, params });

let counter = 0;
/** Ids in the shape of a UUID, told apart by counting. */
export function newId(): string {
  counter += 1;
  const hex = counter.toString(16).padStart(12, '0');
  const lead = ((counter * 2_654_435_761) >>> 0).toString(16).padStart(8, '0');
  return `${lead}-0000-7000-8000-${hex}`;
}

export const tagOf = (customerId: string): string => customerId.slice(0, 4).toUpperCase();

export function customerOf(world: World, customerId: string): MockCustomer {
  const customer = world.customers.get(customerId);
  if (!customer) throw refuse('unknown_customer');
  return customer;
}

export const isInside = (visit: MockVisit): boolean => visit.status === 'CHECKED_IN';

export const insideOf = (world: World, customerId: string): MockVisit | undefined =>
  world.visits.find((visit) => visit.customerId === customerId && isInside(visit));

export const deductedFrom = (world: World, penaltyId: string): number =>
  world.deductions
    .filter((deduction) => deduction.penaltyId === penaltyId)
    .reduce((sum, { points }) => sum + points, 0);

export function outstandingOfPenalty(world: World, penalty: MockPenalty): number {
  return penalty.voided ? 0 : Math.max(0, penalty.points - deductedFrom(world, penalty.penaltyId));
}

export const outstandingOf = (world: World, customerId: string): number =>
  world.penalties
    .filter((penalty) => penalty.customerId === customerId)
    .reduce((sum, penalty) => sum + outstandingOfPenalty(world, penalty), 0);

export function standingOf(world: World, outstanding: number): Standing {
  if (outstanding >= world.rules.prohibitAt) return 'PROHIBITED';
  return outstanding >= world.rules.warnAt ? 'WARNED' : 'ALLOWED';
}

/** What this terminal itself holds of a customer's points. */
export function heldHere(world: World, customerId: string): number {
  const own = <T extends { customerId: string }>(list: T[]) =>
    list.filter((one) => one.customerId === customerId);
  const earned = own(world.visits)
    .filter(({ status }) => status === 'EARNED')
    .reduce((sum, { points }) => sum + points, 0);
  const paid = own(world.payments)
    .filter(({ voided }) => !voided)
    .reduce((sum, { points }) => sum + points, 0);
  const adjusted = own(world.adjustments).reduce((sum, { points }) => sum + points, 0);
  return earned - paid + adjusted;
}

export const heldElsewhere = (world: World, customerId: string): number =>
  customerOf(world, customerId).holders.reduce((sum, { points }) => sum + points, 0);

export const newRecordState = (world: World): RecordState =>
  world.scenario.sync === 'alone' ? 'saved' : 'pending';
