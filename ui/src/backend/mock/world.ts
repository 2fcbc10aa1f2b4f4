import type {
  AdjustReason,
  AppError,
  Area,
  CaseView,
  ClockDoubt,
  EntryState,
  ErrorCode,
  EvacuationContent,
  GatewaySetting,
  Ground,
  HolderView,
  ImportPreview,
  ImportView,
  Keeping,
  LastBackup,
  Outcome,
  OvertakenEditView,
  PenaltyCode,
  Preferences,
  RecentEntry,
  RulesForm,
  RulesPreview,
  RulesView,
  Staff,
  Standing,
  TokenView,
  VisitStatus,
} from '../types';
import type { MockAccess } from './access';
import type { MockBackups } from './backups';
import type { MockDayClose } from './day';
import type { MockDesktop } from './desktop';
import type { MockEngine } from './engine';
import type { MockStaff } from './people';
import type { MockLock } from './pins';
import type { MockPlan } from './plans';
import type { MockPrinter } from './printing';
import type { Recording } from './recorded';
import type { MockReplication } from './replication';
import type { MockRuleSet } from './rules';
import type { Scenario } from './scenario';
import type { MockServices } from './services';
import type { MockTraces } from './traces';
import type { MockUpdates } from './updates';

export interface MockCustomer {
  customerId: string;
  name: string | null;
  phone: string | null;
  card: string | null;
  registeredAt: number;
  /** The day of the consent, if it is known. */
  consentOn: string | null;
  revision: number;
  erased: boolean;
  /** Other customer ids that were linked as the same person. */
  linked: string[];
  /** The points that other terminals hold, or an earlier incarnation of any terminal. */
  holders: HolderView[];
  /** The points that this terminal received: given by other terminals, or reclaimed. */
  received: number;
  /** True if this terminal can't decrypt the name. */
  unknownHere: boolean;
  /** True if some facts are of a type that only a newer program knows. */
  needsUpdate: boolean;
}

/** The time of an action and the staff member's name. */
export interface Deed {
  at: number;
  by: string;
  /** When it was entered, if that was afterwards. */
  enteredAt?: number;
}

export interface MockVisit {
  visitId: string;
  customerId: string;
  areaId: string;
  since: number;
  by: string;
  /** When it was entered, if that was afterwards. */
  enteredAt?: number;
  /** True if the customer was admitted although prohibited; the visit then earns no points. */
  admitted: boolean;
  end: (Deed & { kind: 'checkOut' | 'close' }) | null;
  /** The points that the check-out earns, once point has processed it. */
  earning: { earningId: string; points: number } | null;
  earned: boolean;
  /** What the customer kept of the points that check-outs earned before they were taken back. */
  kept: number;
  voided: boolean;
}

export interface MockPayment extends Deed {
  paymentId: string;
  deductionId: string;
  customerId: string;
  points: number;
  note: string | null;
  void: (Deed & { id: string }) | null;
}

export interface MockAdjustment extends Deed {
  id: string;
  customerId: string;
  points: number;
  reason: AdjustReason;
  note: string | null;
}

/** Points that a lost terminal paid beyond what it held. */
export interface MockWriteOff {
  id: string;
  customerId: string;
  at: number;
  points: number;
  terminalName: string;
}

export interface MockPenalty extends Deed {
  penaltyId: string;
  accrualId: string;
  customerId: string;
  code: PenaltyCode;
  points: number;
  areaId: string | null;
  note: string | null;
  void: (Deed & { id: string }) | null;
  terminalName: string;
}

export interface MockDeduction extends Deed {
  deductionId: string;
  penaltyId: string;
  customerId: string;
  ground: Ground;
  points: number;
  /** The points (P) paid for it. */
  price: number;
  note: string | null;
  void: (Deed & { id: string }) | null;
}

/** A customer whom an import added, with the ids of the adjustment and the penalty of the opening balance. */
export interface MockImported {
  customerId: string;
  openings: string[];
}

export interface MockImport {
  view: ImportView;
  added: MockImported[];
}

/** Everything that the mock knows. Views are derived from it each time; nothing is cached. */
export interface World {
  scenario: Scenario;
  /** When the program started. */
  startedAt: number;
  facility: { id: string; name: string };
  terminal: { id: string; name: string; incarnation: string };
  /** The person who is signed in, or who was last. */
  staff: Staff;
  isSignedIn: boolean;
  /** Who approves the command that is being decided. */
  approver: Staff | null;
  people: MockStaff[];
  lock: MockLock;
  /** Whether this terminal joined a facility that others had founded. */
  joined: boolean;
  recoveryCode: string | null;
  evacuation: EvacuationContent;
  tokens: TokenView[];
  /** Who recorded facts at other terminals with tokens of theirs. */
  tokensElsewhere: { tokenId: string; name: string | null }[];
  access: MockAccess;
  /** Who approved which fact. */
  approvals: Map<string, Staff>;
  keeping: Keeping;
  areas: Area[];
  retiredAreas: Area[];
  rules: RulesView;
  /** All sets of rules, the newest first. */
  ruleSets: MockRuleSet[];
  rulesDraft: { form: RulesForm; base: string | null; savedAt: number } | null;
  rulesPreview: RulesPreview | null;
  preferences: Preferences;
  /** The preferences whose kept values can't be used. */
  preferencesLost: string[];
  isSetUp: boolean;
  /** Why the start asks about this PC's clock; null once it was answered. */
  clockDoubt: ClockDoubt | null;
  /** The recorded answers about the customer whom time changes, in the scenario `endings`. */
  recording: Recording | null;
  demonstration: boolean;
  /** The id of the link of two customers, by their ids. */
  linkIds: Map<string, string>;
  lastBackup: LastBackup | null;
  backups: MockBackups;
  customers: Map<string, MockCustomer>;
  visits: MockVisit[];
  payments: MockPayment[];
  adjustments: MockAdjustment[];
  writeOffs: MockWriteOff[];
  penalties: MockPenalty[];
  deductions: MockDeduction[];
  /** The entries of all recorded facts, newest last. Earnings are left out, because no list shows them. */
  records: RecentEntry[];
  /** The open cases; forgotten visits are found by time. */
  cases: CaseView[];
  /** The edits of this terminal that another terminal overtook. */
  edits: OvertakenEditView[];
  /** The plans of the sites. */
  plans: MockPlan[];
  /** The closes of days, the latest first. */
  dayCloses: MockDayClose[];
  /** When check-ins were refused because of a prohibition. */
  refusals: number[];
  /** The number of facts besides `records`: older ones of the seed, and earnings. */
  otherFacts: number;
  replication: MockReplication;
  engine: MockEngine;
  gateway: GatewaySetting;
  updates: MockUpdates;
  printer: MockPrinter;
  services: MockServices;
  traces: MockTraces;
  desktop: MockDesktop;
  /** The rows of the last import preview. */
  preview: ImportPreview | null;
  /** The imports with what each brought, the latest first. */
  imports: MockImport[];
  /** The first answers by idempotency key. */
  answered: Map<string, { body: string; outcome: Outcome }>;
}

export const refuse = (code: ErrorCode, params: Record<string, unknown> = {}): AppError => ({ code, params });

let counter = 0;
/** Returns a new id in the shape of a UUID. */
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

export const factsOf = ({ records, otherFacts }: World): number => records.length + otherFacts;

export function statusOf({ voided, earned, end, earning }: MockVisit): VisitStatus {
  if (voided) return 'VOIDED';
  if (earned) return 'EARNED';
  if (end === null) return 'CHECKED_IN';
  return end.kind === 'close' || earning === null ? 'CLOSED' : 'CHECKED_OUT';
}

/** Returns the points that a visit has earned, without those taken back. */
export const earnedBy = ({ kept, earned, earning }: MockVisit): number =>
  kept + (earned ? (earning?.points ?? 0) : 0);

export const isInside = (visit: MockVisit): boolean => statusOf(visit) === 'CHECKED_IN';

export const insideOf = (world: World, customerId: string): MockVisit | undefined =>
  world.visits.find((visit) => visit.customerId === customerId && isInside(visit));

/** Returns true if by the rules a visit counts as forgotten. */
export const isForgotten = ({ rules }: World, visit: MockVisit): boolean =>
  Date.now() - visit.since > rules.forgottenAfterHours * 3_600_000;

/** Returns the visits whose check-out hasn't earned its points yet. */
export const awaitingEarning = ({ visits }: World): MockVisit[] =>
  visits.filter(({ earning, earned }) => earning !== null && !earned);

export const areaOf = ({ areas, retiredAreas }: World, areaId: string): Area | undefined =>
  [...areas, ...retiredAreas].find((area) => area.areaId === areaId);

export const deductedFrom = (world: World, penaltyId: string): number =>
  world.deductions
    .filter((deduction) => deduction.penaltyId === penaltyId && !deduction.void)
    .reduce((sum, { points }) => sum + points, 0);

export function outstandingOfPenalty(world: World, penalty: MockPenalty): number {
  return penalty.void ? 0 : Math.max(0, penalty.points - deductedFrom(world, penalty.penaltyId));
}

export const outstandingOf = (world: World, customerId: string): number =>
  world.penalties
    .filter((penalty) => penalty.customerId === customerId)
    .reduce((sum, penalty) => sum + outstandingOfPenalty(world, penalty), 0);

/** Returns all ids of a person, first the given one. */
export function idsOf(world: World, customerId: string): string[] {
  const same = new Set([customerId]);
  for (const id of same) for (const other of world.customers.get(id)?.linked ?? []) same.add(other);
  return [...same];
}

/** Returns, of all linked ids of one person, the one with the most outstanding points. Its standing counts for all. */
export function worstOf(world: World, customerId: string): string {
  return idsOf(world, customerId).reduce((worst, id) =>
    outstandingOf(world, id) > outstandingOf(world, worst) ? id : worst,
  );
}

export function standingOf({ rules }: World, outstanding: number): Standing {
  if (outstanding >= rules.prohibitAt) return 'PROHIBITED';
  return outstanding >= rules.warnAt ? 'WARNED' : 'ALLOWED';
}

/** Returns the points of a customer that this terminal holds. */
export function heldHere(world: World, customerId: string): number {
  const own = <T extends { customerId: string }>(list: T[]) =>
    list.filter((one) => one.customerId === customerId);
  const earned = own(world.visits).reduce((sum, one) => sum + earnedBy(one), 0);
  const paid = own(world.payments).reduce((sum, one) => sum + (one.void ? 0 : one.points), 0);
  const adjusted = own(world.adjustments).reduce((sum, { points }) => sum + points, 0);
  const writtenOff = own(world.writeOffs).reduce((sum, { points }) => sum + points, 0);
  const prices = own(world.deductions).reduce((sum, one) => sum + (one.void ? 0 : one.price), 0);
  const received = world.customers.get(customerId)?.received ?? 0;
  return earned - paid - prices + adjusted + writtenOff + received;
}

export const heldElsewhere = (world: World, customerId: string): number =>
  customerOf(world, customerId).holders.reduce((sum, { points }) => sum + points, 0);

export const newEntryState = (world: World): EntryState =>
  world.scenario.sync === 'alone' ? 'saved' : 'pending';
