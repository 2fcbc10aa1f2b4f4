import type {
  CaseFact,
  DayClose,
  DayFigure,
  DayItem,
  DayLine,
  DayReport,
  DayView,
  OtherTerminal,
} from '../types';
import { draftsOf } from './mypage';
import { pendingOf } from './replication';
import { reviewCount } from './review';
import { nameView } from './views';
import { customerOf, isInside, refuse, type World } from './world';

/** The close of a day with the number of records that it includes. */
export interface MockDayClose {
  day: string;
  close: DayClose;
  records: number;
}

const KOREA_MS = 9 * 3_600_000;
/** Whether a text is a date that exists. */
function isDay(text: string): boolean {
  const at = /^\d{4}-\d{2}-\d{2}$/.test(text) ? Date.parse(`${text}T00:00:00+09:00`) : Number.NaN;
  return !Number.isNaN(at) && dayOf(at) === text;
}
export const dayOf = (at: number) => new Date(at + KOREA_MS).toISOString().slice(0, 10);

const ITEMS: readonly DayItem[] = [
  ...(['visits', 'visitsVoided', 'refusals', 'overrides', 'earned', 'paid', 'paymentsVoided'] as const),
  ...(['deductionPrices', 'adjusted', 'expired', 'writtenOff', 'given'] as const),
  ...(['penalties', 'penaltiesVoided', 'deductions', 'deductionsVoided', 'lapsed'] as const),
  'enteredAfterwards',
];
const NOT_ALWAYS = new Set<DayItem>(['penalties', 'deductions', 'deductionsVoided', 'lapsed']);

type Word = Pick<DayLine, 'code' | 'ground'>;
const NO_WORD: Word = { code: null, ground: null };

/** The figures of the days from one to another, both included, in the order of the items. */
export function linesOf(world: World, from: string, to = from): DayLine[] {
  const isIn = (at: number) => dayOf(at) >= from && dayOf(at) <= to;
  const lines = new Map<string, DayLine>();
  const lineOf = (item: DayItem, word: Word = NO_WORD): DayLine => {
    const key = `${String(ITEMS.indexOf(item)).padStart(2, '0')} ${word.code ?? ''} ${word.ground ?? ''}`;
    const none = (): DayFigure => ({ count: 0, points: 0 });
    const found = lines.get(key) ?? { item, ...word, here: none(), facility: none() };
    lines.set(key, found);
    return found;
  };
  for (const item of ITEMS) if (!NOT_ALWAYS.has(item)) lineOf(item);
  const add = (item: DayItem, points: number, here: boolean, word?: Word) => {
    const line = lineOf(item, word);
    for (const figure of here ? [line.here, line.facility] : [line.facility]) {
      if (!figure) continue;
      figure.count += 1;
      figure.points += points;
    }
  };
  const addPoints = (item: DayItem, points: number, here: boolean) => {
    if (points !== 0) add(item, points, here);
  };
  for (const customerId of world.customers.keys()) {
    for (const entry of draftsOf(world, customerId)) {
      if (!isIn(entry.at)) continue;
      const [points, penaltyPoints] = [entry.points ?? 0, entry.penaltyPoints ?? 0];
      const here = entry.terminalName === world.terminal.name;
      const word = { code: entry.code, ground: null };
      if (entry.enteredAt !== null) add('enteredAfterwards', 0, here);
      switch (entry.kind) {
        case 'visit':
          add(entry.status === 'VOIDED' ? 'visitsVoided' : 'visits', 0, here);
          addPoints('earned', points, here);
          break;
        case 'payment':
          add('paid', points, here);
          break;
        case 'paymentVoid':
          add('paymentsVoided', points, here);
          break;
        case 'adjustment':
          add('adjusted', points, here);
          break;
        case 'writeOff':
          add('writtenOff', points, here);
          break;
        case 'expired':
          add('expired', points, here);
          break;
        case 'penalty':
          add('penalties', penaltyPoints, here, word);
          break;
        case 'penaltyVoid':
          add('penaltiesVoided', penaltyPoints, here);
          break;
        case 'penaltyDeduction':
          add('deductions', penaltyPoints, here, { code: null, ground: entry.ground });
          addPoints('deductionPrices', points, here);
          break;
        case 'penaltyDeductionVoid':
          add('deductionsVoided', penaltyPoints, here);
          addPoints('deductionPrices', points, here);
          break;
        case 'lapsed':
          add('lapsed', penaltyPoints, here);
          break;
      }
    }
  }
  for (const { admitted, since, earning, end } of world.visits) {
    if (!isIn(end?.at ?? since)) continue;
    if (admitted) add('overrides', 0, true);
    if (end && earning && earning.points !== world.rules.pointsPerVisit) add('overrides', 0, true);
  }
  for (const { code, points, at } of world.penalties) {
    const given = world.rules.codes.find((one) => one.code === code)?.points;
    if (given !== points && isIn(at)) add('overrides', 0, true);
  }
  lineOf('refusals').here.count = world.refusals.filter(isIn).length;
  lineOf('refusals').facility = null;
  return [...lines.entries()].sort(([one], [other]) => (one < other ? -1 : 1)).map(([, line]) => line);
}

export const otherTerminal = ({
  terminalId,
  name,
  lastHeardAt,
}: World['replication']['others'][number]): OtherTerminal => ({ terminalId, name, heardAt: lastHeardAt });

/** Refuses a text that isn't a date, or is one of the future. */
export function expectDay(day: string): void {
  if (!isDay(day)) throw refuse('invalid_input', { detail: `not a date of the form 2026-11-23: ${day}` });
  if (day > dayOf(Date.now())) throw refuse('invalid_input', { detail: `${day} is in the future` });
}

function reportOf(world: World, day: string): DayReport {
  const now = Date.now();
  expectDay(day);
  return {
    day,
    asOf: now,
    lines: linesOf(world, day),
    pending: pendingOf(world),
    openCases: reviewCount(world),
    inside: world.visits.filter(isInside).length,
    others: world.replication.others.filter(({ retired }) => !retired).map(otherTerminal),
  };
}

const keyOf = ({ item, code, ground }: DayLine) => `${item} ${code} ${ground}`;
const minus = (now?: DayFigure | null, before?: DayFigure | null): DayFigure => ({
  count: (now?.count ?? 0) - (before?.count ?? 0),
  points: (now?.points ?? 0) - (before?.points ?? 0),
});
const isSome = (figure: DayFigure | null) => figure !== null && (figure.count !== 0 || figure.points !== 0);

function differences(before: DayLine[], now: DayLine[]): DayLine[] {
  const then = new Map(before.map((line) => [keyOf(line), line]));
  return now
    .map((line) => ({
      ...line,
      here: minus(line.here, then.get(keyOf(line))?.here),
      facility: line.facility && minus(line.facility, then.get(keyOf(line))?.facility),
    }))
    .filter(({ here, facility }) => isSome(here) || isSome(facility));
}

export function dayView(world: World, day: string): DayView {
  const report = reportOf(world, day);
  const closes = world.dayCloses.filter((one) => one.day === day);
  const [latest] = closes;
  const facts = (known: number): CaseFact[] =>
    world.records
      .slice(known)
      .filter(({ at }) => dayOf(at) === day)
      .reverse()
      .map((entry) => ({
        entry: { ...entry, state: 'saved', customer: nameView(customerOf(world, entry.customer.customerId)) },
        recordedAt: entry.at,
        terminal: world.terminal.name,
        voided: false,
      }));
  return {
    report,
    closes: closes.map(({ close }) => close),
    since: latest
      ? {
          lines: differences(latest.close.report.lines, report.lines),
          facts: facts(latest.records),
          more: false,
        }
      : null,
  };
}

export function closeDay(world: World, day: string): DayView {
  const report = reportOf(world, day);
  const [latest] = world.dayCloses.filter((one) => one.day === day);
  if (latest?.records !== world.records.length) {
    const number = (latest?.close.number ?? 0) + 1;
    const close = { number, closedAt: report.asOf, by: world.staff.name, report };
    world.dayCloses.unshift({ day, close, records: world.records.length });
  }
  return dayView(world, day);
}
