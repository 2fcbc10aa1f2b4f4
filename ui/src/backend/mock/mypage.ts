import type { Chart, MypageEntry, MypageFilter, MypageInput, MypagePage } from '../types';
import { clamp, pageOf } from './paging';
import { isAhead } from './record';
import { recordedEntries, recordingOf } from './recorded';
import { worldAt } from './why';
import { deductedFrom, earnedBy, refuse, statusOf, type World } from './world';

const PAGE_MAX = 500;
const DAY_MS = 86_400_000;

type Draft = Omit<MypageEntry, 'balance' | 'outstanding' | 'ahead'>;

const blank = {
  otherId: null,
  startedAt: null,
  endedAt: null,
  areaId: null,
  points: null,
  penaltyPoints: null,
  code: null,
  ground: null,
  note: null,
  enteredAt: null,
};

/** Returns a customer's Mypage entries without the running sums. */
export function draftsOf(world: World, customerId: string): Draft[] {
  const terminalName = world.terminal.name;
  const own = <T extends { customerId: string }>(list: T[]) =>
    list.filter((one) => one.customerId === customerId);
  const visits = own(world.visits).map((visit): Draft => {
    const { visitId: id, since, end, areaId, earning } = visit;
    return {
      ...blank,
      kind: 'visit',
      id,
      otherId: earning?.earningId ?? null,
      at: end?.at ?? since,
      startedAt: since,
      endedAt: end?.at ?? null,
      areaId,
      status: statusOf(visit),
      points: earnedBy(visit) || null,
      by: end?.by ?? visit.by,
      terminalName,
      enteredAt: end?.enteredAt ?? visit.enteredAt ?? null,
    };
  });
  const payments = own(world.payments).flatMap((payment): Draft[] => {
    const { paymentId: id, deductionId, at, by, points, note } = payment;
    const paid: Draft = {
      ...blank,
      kind: 'payment',
      id,
      otherId: deductionId,
      at,
      status: payment.void ? 'VOIDED' : 'PAID',
      points: -points,
      note,
      by,
      terminalName,
      enteredAt: payment.enteredAt ?? null,
    };
    if (!payment.void) return [paid];
    const ofVoid = { ...blank, ...payment.void, otherId: id, status: 'RECORDED', points, terminalName };
    return [paid, { ...ofVoid, kind: 'paymentVoid' }];
  });
  const adjustments = own(world.adjustments).map(
    ({ id, at, by, points, note }): Draft => ({
      ...blank,
      kind: 'adjustment',
      id,
      at,
      status: 'ADJUSTED',
      points,
      note,
      by,
      terminalName,
    }),
  );
  const writeOffs = own(world.writeOffs).map(
    ({ id, at, points, terminalName }): Draft => ({
      ...blank,
      kind: 'writeOff',
      id,
      at,
      status: 'WRITTEN_OFF',
      points,
      by: null,
      terminalName,
    }),
  );
  const penalties = own(world.penalties).flatMap((penalty): Draft[] => {
    const { penaltyId: id, accrualId, at, by, code, points, areaId, note } = penalty;
    const imposed: Draft = {
      ...blank,
      kind: 'penalty',
      id,
      otherId: accrualId,
      at,
      areaId,
      status: penalty.void ? 'VOIDED' : 'ACCRUED',
      penaltyPoints: points,
      code,
      note,
      by,
      terminalName: penalty.terminalName,
      enteredAt: penalty.enteredAt ?? null,
    };
    if (!penalty.void) return [imposed];
    const left = points - deductedFrom(world, id);
    const ofVoid = { ...blank, ...penalty.void, otherId: id, status: 'RECORDED', code, terminalName };
    return [imposed, { ...ofVoid, kind: 'penaltyVoid', penaltyPoints: left === 0 ? null : -left }];
  });
  const deductions = own(world.deductions).flatMap((deduction): Draft[] => {
    const { deductionId: id, penaltyId, at, by, ground, points, price, note } = deduction;
    const code = world.penalties.find((one) => one.penaltyId === penaltyId)?.code ?? null;
    const deducted: Draft = {
      ...blank,
      kind: 'penaltyDeduction',
      id,
      otherId: penaltyId,
      at,
      status: deduction.void ? 'VOIDED' : 'DEDUCTED',
      points: -price || null,
      penaltyPoints: -points,
      code,
      ground,
      note,
      by,
      terminalName,
      enteredAt: deduction.enteredAt ?? null,
    };
    if (!deduction.void) return [deducted];
    const ofVoid = {
      ...blank,
      ...deduction.void,
      otherId: id,
      status: 'RECORDED',
      code,
      ground,
      terminalName,
    };
    const back = { points: price || null, penaltyPoints: points };
    return [deducted, { ...ofVoid, ...back, kind: 'penaltyDeductionVoid' }];
  });
  return [...visits, ...payments, ...adjustments, ...writeOffs, ...penalties, ...deductions];
}

/** Returns a customer's Mypage entries, oldest first, each with the balance and the outstanding penalty after it. */
function entriesOf(now: World, { customerId, moment }: MypageInput): MypageEntry[] {
  const world = moment ? worldAt(now, moment) : now;
  const { mypageFailure } = world.scenario;
  if (mypageFailure) throw refuse(mypageFailure, { detail: 'connection refused' });
  const recording = recordingOf(world, customerId);
  if (recording) return recordedEntries(recording, moment);
  const customer = world.customers.get(customerId);
  let balance = (customer?.holders ?? []).reduce((sum, { points }) => sum + points, customer?.received ?? 0);
  let outstanding = 0;
  return draftsOf(world, customerId)
    .sort((a, b) => a.at - b.at)
    .map((draft) => {
      balance += draft.points ?? 0;
      outstanding += draft.penaltyPoints ?? 0;
      return { ...draft, balance, outstanding, ahead: isAhead(draft.at) };
    });
}

const FILTERS: Record<MypageFilter, (entry: MypageEntry) => boolean> = {
  all: () => true,
  visits: ({ kind }) => kind === 'visit',
  payments: ({ kind }) => ['payment', 'paymentVoid', 'adjustment', 'writeOff', 'expired'].includes(kind),
  penalties: ({ kind }) =>
    ['penalty', 'penaltyDeduction', 'penaltyVoid', 'penaltyDeductionVoid', 'lapsed'].includes(kind),
};

/** Returns the time at which a date in Seoul begins; refuses a text that isn't a date. */
function midnight(date: string): number {
  const at = Date.parse(`${date}T00:00:00+09:00`);
  const isDate =
    /^\d{4}-\d\d-\d\d$/.test(date) && new Date(at + DAY_MS * 0.375).toISOString().startsWith(date);
  if (!isDate) throw refuse('invalid_input', { detail: `not a date of the form 2026-11-23: ${date}` });
  return at;
}

/** Converts two dates in Seoul, both inclusive, to a range of times. */
function rangeOf({ from, to }: MypageInput) {
  return { from: from ? midnight(from) : null, until: to ? midnight(to) + DAY_MS : null };
}

function within(entries: MypageEntry[], { from, until }: ReturnType<typeof rangeOf>): MypageEntry[] {
  return entries.filter(({ at }) => at >= (from ?? at) && at < (until ?? Number.POSITIVE_INFINITY));
}

export function mypageView(world: World, input: MypageInput): MypagePage {
  const range = rangeOf(input);
  const page = pageOf('entries', input.cursor, clamp(input.limit, PAGE_MAX));
  const entries = within(entriesOf(world, input), range).reverse();
  const { rows, next } = page(entries.filter(FILTERS[input.filter]));
  const count = (filter: MypageFilter) => entries.filter(FILTERS[filter]).length;
  return {
    entries: rows,
    next,
    counts: {
      all: entries.length,
      visits: count('visits'),
      payments: count('payments'),
      penalties: count('penalties'),
    },
    asOf: input.moment?.at ?? Date.now(),
  };
}

export function chartView(world: World, input: MypageInput): Chart {
  const range = rangeOf(input);
  const { from, until } = range;
  const now = input.moment?.at ?? Date.now();
  const all = entriesOf(world, input);
  const before = from === null ? undefined : all.findLast(({ at }) => at < from);
  const points = within(all, range).filter(({ points, penaltyPoints }) => points || penaltyPoints);
  return {
    from: from ?? points[0]?.at ?? now,
    to: Math.min(until ?? now, now),
    openingBalance: before?.balance ?? 0,
    openingOutstanding: before?.outstanding ?? 0,
    points: points.map(({ at, kind, balance, outstanding, points, penaltyPoints }) => ({
      at,
      kind,
      balance,
      outstanding,
      points: points ?? 0,
      penaltyPoints: penaltyPoints ?? 0,
    })),
  };
}
