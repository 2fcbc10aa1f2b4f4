import type { CustomerCard, Moment, MypageEntry, MypagePage, Why } from '../../types';
import type { World } from '../world';
import recorded from './overTime.json';

/**
 * The answers of the program about one customer whom time changes, as `overTime.parity.ts` has recorded them: ids as `#1`,
 * and times in ms on the days of the recording.
 */
export interface Recording {
  /** The last day of the customer's ban. */
  now: number;
  customerId: string;
  areaId: string;
  /** What was so at earlier moments, the oldest first. */
  then: { at: number; why: Why; page: MypagePage }[];
  /** What the present shows, from the beginning of a day on. */
  days: { from: number; card: CustomerCard; page: MypagePage; why: Why }[];
}

const DAY_MS = 86_400_000;
const HOURS_9 = 9 * 3_600_000;
/** Numbers from here on are times. */
const TIMES_FROM = Date.parse('2020-01-01T00:00:00Z');

const dayOf = (at: number) => Math.floor((at + HOURS_9) / DAY_MS);
const isoDay = (day: number) => new Date(day * DAY_MS).toISOString().slice(0, 10);

/** Moves the recording by whole days, so that its last day is today, and gives its ids those of the world. */
export function moved(today: number, ids: { customerId: string; areaId: string; tag: string }): Recording {
  const source = recorded as unknown as Recording;
  const days = dayOf(today) - dayOf(source.now);
  const known = new Map([
    [source.customerId, ids.customerId],
    [source.areaId, ids.areaId],
    ['<tag of the customer>', ids.tag],
  ]);
  const move = (value: unknown): unknown => {
    if (typeof value === 'number') return value > TIMES_FROM ? value + days * DAY_MS : value;
    if (typeof value === 'string') {
      if (/^\d{4}-\d\d-\d\d$/.test(value)) return isoDay(Date.parse(value) / DAY_MS + days);
      return known.get(value) ?? value;
    }
    if (Array.isArray(value)) return value.map(move);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, move(part)]));
  };
  return move(source) as Recording;
}

/** Returns the recording if it is about this customer. */
export const recordingOf = ({ recording }: World, customerId: string): Recording | null =>
  recording?.customerId === customerId ? recording : null;

const latest = <T>(list: T[], isThen: (one: T) => boolean): T | undefined => list.findLast(isThen) ?? list[0];

/** What is recorded of the present day. */
export function recordedNow({ days }: Recording): Recording['days'][number] {
  const found = latest(days, ({ from }) => from <= Date.now());
  if (!found) throw new Error('nothing is recorded');
  return found;
}

/** Explains the balance and the standing, now or at the latest recorded moment before another one. */
export function recordedWhy(recording: Recording, moment: Moment | undefined): Why {
  const { why } = recordedNow(recording);
  if (!moment) return { ...why, at: Date.now(), verdict: { ...why.verdict, asOf: Date.now() } };
  const then = latest(recording.then, ({ at }) => at <= moment.at)?.why ?? why;
  return { ...then, at: moment.at, verdict: { ...then.verdict, asOf: moment.at } };
}

/** Returns the entries, oldest first. */
export function recordedEntries(recording: Recording, moment: Moment | undefined): MypageEntry[] {
  const present = recordedNow(recording).page.entries;
  const page = moment ? latest(recording.then, ({ at }) => at <= moment.at)?.page.entries : present;
  return (page ?? present).filter(({ at }) => at <= (moment?.at ?? at)).toReversed();
}
