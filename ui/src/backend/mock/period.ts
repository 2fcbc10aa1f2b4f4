import type {
  PeriodArea,
  PeriodCustomer,
  PeriodInput,
  PeriodPart,
  PeriodReport,
  PeriodTerminal,
  TopBy,
} from '../types';
import { dayOf, expectDay, linesOf, otherTerminal } from './day';
import { draftsOf } from './mypage';
import { pendingOf } from './replication';
import { nameView } from './views';
import { refuse, type World } from './world';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const KOREA_MS = 9 * HOUR_MS;
/** The longest part of a visit that counts as time inside. */
const PRESENCE_MAX_MS = 12 * HOUR_MS;
const DAYS_MAX = 1_100;
const TOP = 20;

const numberOf = (day: string) => Date.parse(`${day}T00:00:00Z`) / DAY_MS;
const dayFrom = (number: number) => new Date(number * DAY_MS).toISOString().slice(0, 10);

/** The first day after a day that begins another day, week (on Monday) or month. */
function nextBegin(day: string, unit: PeriodInput['unit']): string {
  if (unit === 'month') {
    const [year = 0, month = 0] = day.split('-').map(Number);
    return new Date(Date.UTC(year, month, 1)).toISOString().slice(0, 10);
  }
  // 1970-01-01 was a Thursday, the fourth day of its week.
  const untilMonday = 7 - ((numberOf(day) + 3) % 7);
  return dayFrom(numberOf(day) + (unit === 'day' ? 1 : untilMonday));
}

function partsOf(world: World, { from, to, unit }: PeriodInput): PeriodPart[] {
  const parts: PeriodPart[] = [];
  for (let first = from; first <= to; ) {
    const next = nextBegin(first, unit);
    const last = [dayFrom(numberOf(next) - 1), to].sort()[0] as string;
    const lines = linesOf(world, first, last).filter(({ here, facility }) =>
      [here, facility].some((figure) => figure !== null && (figure.count !== 0 || figure.points !== 0)),
    );
    parts.push({ from: first, to: last, lines });
    first = next;
  }
  return parts;
}

function areasOf(world: World, { from, to }: PeriodInput): PeriodArea[] {
  const now = Date.now();
  const visits = world.visits.filter(({ voided }) => !voided);
  const of = (areaId: string, name: string | null): PeriodArea => {
    const insideMs = Array.from({ length: 24 }, () => 0) as PeriodArea['insideMs'];
    const here = visits.filter((visit) => visit.areaId === areaId);
    for (const { since, end } of here) {
      const until = Math.min(end?.at ?? now, since + PRESENCE_MAX_MS);
      for (let at = since; at < until; ) {
        const hour = Math.floor((at + KOREA_MS) / HOUR_MS);
        const next = Math.min((hour + 1) * HOUR_MS - KOREA_MS, until);
        if (dayOf(at) >= from && dayOf(at) <= to)
          insideMs[hour % 24] = (insideMs[hour % 24] ?? 0) + next - at;
        at = next;
      }
    }
    const isCounted = (at: number) => dayOf(at) >= from && dayOf(at) <= to;
    const count = here.filter(({ since, end }) => isCounted(end?.at ?? since)).length;
    return { areaId, name, visits: count, insideMs };
  };
  const retired = world.retiredAreas.map(({ areaId, name }) => of(areaId, name));
  const wasVisited = ({ visits: count, insideMs }: PeriodArea) => count > 0 || insideMs.some((ms) => ms > 0);
  return [...world.areas.map(({ areaId, name }) => of(areaId, name)), ...retired.filter(wasVisited)];
}

function topOf(world: World, { from, to, topBy }: PeriodInput): PeriodCustomer[] {
  const rows = [...world.customers.values()].map((customer): PeriodCustomer => {
    const entries = draftsOf(world, customer.customerId).filter(
      ({ at }) => dayOf(at) >= from && dayOf(at) <= to,
    );
    const sum = (kinds: string[], points: 'points' | 'penaltyPoints') =>
      entries
        .filter(({ kind }) => kinds.includes(kind))
        .reduce((all, entry) => all + (entry[points] ?? 0), 0);
    return {
      customer: nameView(customer),
      visits: entries.filter(({ kind, status }) => kind === 'visit' && status !== 'VOIDED').length,
      earned: sum(['visit'], 'points'),
      paid: 0 - sum(['payment', 'paymentVoid'], 'points'),
      penaltyPoints: sum(['penalty', 'penaltyVoid'], 'penaltyPoints'),
    };
  });
  const by = (row: PeriodCustomer) => row[topBy satisfies TopBy];
  return rows
    .filter((row) => by(row) > 0)
    .sort((a, b) => by(b) - by(a) || (a.customer.customerId < b.customer.customerId ? -1 : 1))
    .slice(0, TOP);
}

function terminalsOf(world: World, { from, to }: PeriodInput): PeriodTerminal[] {
  const lines = new Map<string, number>();
  for (const customerId of world.customers.keys()) {
    for (const { at, terminalName } of draftsOf(world, customerId)) {
      if (terminalName === null || dayOf(at) < from || dayOf(at) > to) continue;
      lines.set(terminalName, (lines.get(terminalName) ?? 0) + 1);
    }
  }
  const { id: terminalId, name } = world.terminal;
  const here = { terminalId, name, heardAt: null };
  const others = world.replication.others.filter(
    (one) => !one.retired || (lines.get(one.name ?? '') ?? 0) > 0,
  );
  return [here, ...others.map(otherTerminal)].map((terminal) => ({
    terminal,
    isHere: terminal.terminalId === terminalId,
    lines: lines.get(terminal.name ?? '') ?? 0,
  }));
}

export function periodReport(world: World, input: PeriodInput): PeriodReport {
  const { from, to } = input;
  expectDay(from);
  expectDay(to);
  if (from > to) throw refuse('invalid_input', { detail: `${from} is after ${to}` });
  const days = numberOf(to) - numberOf(from) + 1;
  if (days > DAYS_MAX) throw refuse('invalid_input', { detail: `a period has at most ${DAYS_MAX} days` });
  const { mypageFailure } = world.scenario;
  if (mypageFailure) throw refuse(mypageFailure, { detail: 'connection refused' });
  return {
    from,
    to,
    asOf: Date.now(),
    days,
    lines: linesOf(world, from, to).filter(({ item }) => item !== 'given'),
    parts: partsOf(world, input),
    areas: areasOf(world, input),
    top: topOf(world, input),
    terminals: terminalsOf(world, input),
    pending: pendingOf(world),
  };
}
