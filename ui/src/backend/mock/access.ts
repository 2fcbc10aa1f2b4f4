import type {
  AccessAct,
  AccessFilter,
  AccessLogInput,
  AccessLogPage,
  AccessLogStatus,
  AccessOutcome,
  AccessReason,
  AccessRowView,
  Actor,
  ActorRef,
  Calls,
} from '../types';
import { nameView } from './views';
import { refuse, type World } from './world';

const DAY_MS = 86_400_000;
const CONFIRMED_FOR_MS = 30 * DAY_MS;

export interface MockAccessRow {
  at: number;
  by: Actor;
  act: AccessAct;
  customerId: string | null;
  outcome: AccessOutcome;
  code: string | null;
  reason: AccessReason | null;
  count: number;
}

export interface MockAccess {
  /** Oldest first. */
  rows: MockAccessRow[];
  confirmed: { at: number; by: Actor } | null;
  unwritable: boolean;
  changedAt: number | null;
}

/** What a call is in the access log; the others reveal nothing. */
const LOGGED: Partial<Record<keyof Calls, AccessAct>> = {
  signIn: 'signIn',
  recover: 'recover',
  firstManager: 'firstManager',
  saveStaff: 'staffChanged',
  retireStaff: 'staffChanged',
  resetPin: 'pinChanged',
  changeOwnPin: 'pinChanged',
  customerCard: 'cardOpened',
  mypage: 'mypageOpened',
  searchCustomers: 'listShown',
  evacuationList: 'evacuationList',
  exportCustomers: 'exported',
  exportHistories: 'exported',
  exportAccessLog: 'exported',
  exportWhoDidWhat: 'exported',
  notePrinted: 'printed',
  printSlip: 'printed',
  slipView: 'cardOpened',
  printPage: 'printed',
  runImport: 'imported',
  takeBackImport: 'importTakenBack',
  backUp: 'backedUp',
  restore: 'restored',
  pairing: 'pairingShown',
  renewKey: 'keyChanged',
  acceptPairing: 'keyChanged',
  makeToken: 'tokenMade',
  rotateToken: 'tokenRotated',
  revokeToken: 'tokenRevoked',
  stopContext: 'contextStopped',
  startContext: 'contextStarted',
  accessLog: 'logSeen',
  whoDidWhat: 'logSeen',
  confirmAccessLog: 'logConfirmed',
};

export const actorOf = (world: World): Actor =>
  world.isSignedIn
    ? { kind: 'staff', staffId: world.staff.staffId, name: world.staff.name }
    : { kind: 'nobody' };

const subjectOf = (input: unknown): string | null => {
  if (typeof input === 'string') return input;
  if (typeof input === 'object' && input !== null && 'customerId' in input) return String(input.customerId);
  return null;
};

/** Adds a call to the access log. Looking at lists and at the log itself is one row a minute. */
export function noteCall(world: World, call: keyof Calls, input: unknown, code: string | null): void {
  const act = LOGGED[call];
  if (!act) return;
  const row: MockAccessRow = {
    at: Date.now(),
    by: actorOf(world),
    act,
    customerId: call === 'customerCard' || call === 'mypage' ? subjectOf(input) : null,
    outcome: code === null ? 'done' : code === 'cancelled' ? 'cancelled' : 'refused',
    code,
    reason: reasonOf(input),
    count: 1,
  };
  const { rows } = world.access;
  const last = rows.findLast((one) => one.act === act && JSON.stringify(one.by) === JSON.stringify(row.by));
  const isCounted = act === 'listShown' || act === 'logSeen';
  if (isCounted && last && row.at - last.at < 60_000) last.count += 1;
  else if (
    last &&
    last.customerId !== null &&
    last.customerId === row.customerId &&
    row.at - last.at < 60_000
  )
    return;
  else rows.push(row);
}

function reasonOf(input: unknown): AccessReason | null {
  if (typeof input !== 'object' || input === null || !('reason' in input)) return null;
  return (input.reason ?? null) as AccessReason | null;
}

const isBy = (actor: Actor, wanted: ActorRef): boolean =>
  actor.kind === wanted.kind &&
  (wanted.kind !== 'staff' || (actor.kind === 'staff' && actor.staffId === wanted.staffId)) &&
  (wanted.kind !== 'token' || (actor.kind === 'token' && actor.tokenId === wanted.tokenId));

/** The time at which a day in Seoul begins. */
export const dayStart = (day: string): number => {
  const at = Date.parse(`${day}T00:00:00+09:00`);
  if (Number.isNaN(at)) throw refuse('invalid_input', { detail: 'a day' });
  return at;
};

const matches = (row: MockAccessRow, { by, act, customerId, outcome, from, to }: AccessFilter): boolean =>
  (!by || isBy(row.by, by)) &&
  (!act || row.act === act) &&
  (!customerId || row.customerId === customerId) &&
  (!outcome || row.outcome === outcome) &&
  (!from || row.at >= dayStart(from)) &&
  (!to || row.at < dayStart(to) + DAY_MS);

export function accessStatus({ access }: World): AccessLogStatus {
  const { rows, confirmed, unwritable, changedAt } = access;
  const oldestAt = rows[0]?.at ?? null;
  const since = confirmed?.at ?? oldestAt;
  return {
    problem: unwritable
      ? { since: Date.now() - 12 * 60_000, error: refuse('disk_full'), waiting: 14, lost: 0 }
      : null,
    changedAt,
    rows: rows.length,
    oldestAt,
    keptYears: 2,
    lastConfirmed: confirmed,
    confirmationDue: since !== null && Date.now() - since >= CONFIRMED_FOR_MS,
  };
}

export function accessPage(world: World, { filter, cursor, limit }: AccessLogInput): AccessLogPage {
  if (limit < 1 || limit > 200) throw refuse('out_of_range', { field: 'limit', min: 1, max: 200 });
  const before = cursor === undefined ? Number.POSITIVE_INFINITY : Number(cursor);
  if (Number.isNaN(before)) throw refuse('invalid_input', { detail: 'a cursor' });
  const found = world.access.rows
    .map((row, index) => ({ row, number: index + 1 }))
    .filter(({ row, number }) => number < before && matches(row, filter))
    .reverse();
  const page = found.slice(0, limit);
  const rows = page.map(({ row, number }): AccessRowView => {
    const customer = row.customerId === null ? undefined : world.customers.get(row.customerId);
    const { at, by, act, outcome, code, reason, count } = row;
    const { id: terminalId, name: terminalName } = world.terminal;
    return {
      ...{ number, at, by, terminalId, terminalName, act, outcome, code, reason, count },
      customer: customer ? nameView(customer) : null,
    };
  });
  const next = found.length > limit ? String(page.at(-1)?.number) : null;
  return { rows, next, status: accessStatus(world) };
}

export function confirmAccess(world: World): AccessLogStatus {
  if (world.access.unwritable) throw refuse('disk_full');
  world.access.confirmed = { at: Date.now(), by: actorOf(world) };
  return accessStatus(world);
}
