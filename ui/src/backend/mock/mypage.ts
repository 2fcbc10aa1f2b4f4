import type { Chart, MypageEntry, MypageInput, MypagePage } from '../types';
import { customerOf, deductedFrom, refuse, type World } from './world';

const dateOf = new Intl.DateTimeFormat('en-CA', { timeZone: 'Asia/Seoul' });

type Draft = Omit<MypageEntry, 'balance' | 'outstanding'>;

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
  voidablePayment: null,
  voidablePenalty: null,
};

/** Every line of one customer, oldest first, with the balance and the outstanding penalty after it. */
function entriesOf(world: World, customerId: string): MypageEntry[] {
  customerOf(world, customerId);
  const { mypageFailure } = world.scenario;
  if (mypageFailure) throw refuse(mypageFailure, { detail: 'connection refused' });
  const terminalName = world.terminal.name;
  const own = <T extends { customerId: string }>(list: T[]) =>
    list.filter((one) => one.customerId === customerId);
  const drafts: Draft[] = [];
  for (const visit of own(world.visits)) {
    const points = visit.status === 'EARNED' ? visit.points : null;
    drafts.push({
      ...blank,
      kind: 'visit',
      id: visit.visitId,
      at: visit.endedAt ?? visit.since,
      startedAt: visit.since,
      endedAt: visit.endedAt,
      areaId: visit.areaId,
      status: visit.status,
      points,
      by: visit.by,
      terminalName,
    });
  }
  for (const payment of own(world.payments)) {
    const { paymentId, deductionId, at, voided, note, by } = payment;
    drafts.push({
      ...blank,
      kind: 'payment',
      id: paymentId,
      otherId: deductionId,
      at,
      status: voided ? 'VOIDED' : 'PAID',
      points: -payment.points,
      note,
      by,
      terminalName,
      voidablePayment: voided ? null : paymentId,
    });
    if (payment.voidedAt !== null) {
      const taken = { ...blank, kind: 'paymentVoid' as const, id: `${paymentId}-void`, otherId: paymentId };
      drafts.push({
        ...taken,
        at: payment.voidedAt,
        status: 'RECORDED',
        points: payment.points,
        by,
        terminalName,
      });
    }
  }
  for (const { id, at, points, note, by } of own(world.adjustments)) {
    drafts.push({ ...blank, kind: 'adjustment', id, at, status: 'ADJUSTED', points, note, by, terminalName });
  }
  for (const penalty of own(world.penalties)) {
    const { penaltyId, at, code, points, areaId, note, voided, by } = penalty;
    drafts.push({
      ...blank,
      kind: 'penalty',
      id: penaltyId,
      at,
      areaId,
      status: voided ? 'VOIDED' : 'ACCRUED',
      penaltyPoints: points,
      code,
      note,
      by,
      terminalName: penalty.terminalName,
      voidablePenalty: voided ? null : penaltyId,
    });
    if (penalty.voidedAt !== null) {
      const left = points - deductedFrom(world, penaltyId);
      const taken = { ...blank, kind: 'penaltyVoid' as const, id: `${penaltyId}-void`, otherId: penaltyId };
      drafts.push({
        ...taken,
        at: penalty.voidedAt,
        status: 'RECORDED',
        penaltyPoints: -left,
        by,
        terminalName,
      });
    }
  }
  for (const { deductionId, penaltyId, at, ground, points, note, by } of own(world.deductions)) {
    drafts.push({
      ...blank,
      kind: 'penaltyDeduction',
      id: deductionId,
      otherId: penaltyId,
      at,
      status: 'DEDUCTED',
      penaltyPoints: -points,
      ground,
      note,
      by,
      terminalName,
    });
  }
  let balance = customerOf(world, customerId).holders.reduce((sum, { points }) => sum + points, 0);
  let outstanding = 0;
  return drafts
    .sort((a, b) => a.at - b.at)
    .map((draft) => {
      balance += draft.points ?? 0;
      outstanding += draft.penaltyPoints ?? 0;
      return { ...draft, balance, outstanding };
    });
}

const isVisit = ({ kind }: MypageEntry) => kind === 'visit';
const isPayment = ({ kind }: MypageEntry) => ['payment', 'paymentVoid', 'adjustment'].includes(kind);
const isPenalty = ({ kind }: MypageEntry) => ['penalty', 'penaltyDeduction', 'penaltyVoid'].includes(kind);
const filters = { all: () => true, visits: isVisit, payments: isPayment, penalties: isPenalty };

function between(entries: MypageEntry[], { from, to }: MypageInput): MypageEntry[] {
  return entries.filter(({ at }) => {
    const date = dateOf.format(at);
    return (!from || date >= from) && (!to || date <= to);
  });
}

export function mypageView(world: World, input: MypageInput): MypagePage {
  const within = between(entriesOf(world, input.customerId), input).reverse();
  const found = within.filter(filters[input.filter]);
  const start = input.cursor ? Number(input.cursor) : 0;
  const end = start + input.limit;
  return {
    entries: found.slice(start, end),
    next: end < found.length ? String(end) : null,
    counts: {
      all: within.length,
      visits: within.filter(isVisit).length,
      payments: within.filter(isPayment).length,
      penalties: within.filter(isPenalty).length,
    },
    asOf: Date.now(),
  };
}

export function chartView(world: World, input: MypageInput): Chart {
  const all = entriesOf(world, input.customerId);
  const within = between(all, input);
  const before = within[0] ? all[all.indexOf(within[0]) - 1] : all.at(-1);
  const midnight = (date: string) => Date.parse(`${date}T00:00:00+09:00`);
  return {
    from: input.from ? midnight(input.from) : (within[0]?.at ?? Date.now()),
    to: input.to ? midnight(input.to) + 86_400_000 : Date.now(),
    openingBalance: before?.balance ?? 0,
    openingOutstanding: before?.outstanding ?? 0,
    points: within.map(({ at, kind, balance, outstanding, points, penaltyPoints }) => ({
      at,
      kind,
      balance,
      outstanding,
      points: points ?? 0,
      penaltyPoints: penaltyPoints ?? 0,
    })),
  };
}
