import type { Command } from '../../backend';
import { parseWhole } from '../../shared/format';
import { DAY_MS, formatIsoDate } from '../../shared/time';
import { momentOf } from '../../shared/time/momentOf';
import { parseTime } from '../../shared/time/parseTime';

export const LINE_KINDS = ['visit', 'penalty', 'penaltyDeduction', 'payment'] as const;
export type LineKind = (typeof LINE_KINDS)[number];

/** A line of the sheet, as it is typed. */
export interface Line {
  id: string;
  kind: LineKind;
  customerId: string | null;
  /** `2026-11-20`, or as it was typed. */
  date: string;
  from: string;
  /** When a visit ended. */
  to: string;
  areaId: string;
  code: string;
  penaltyId: string;
  ground: string;
  points: string;
  /** Sent with the command `body`; another command gets another key. */
  idempotencyKey: string;
  body: string | null;
  /** What was recorded; null until then. */
  done: { points: number | null; earned: boolean } | null;
}

/** The next line begins as the one before: what is on paper comes in rows of one kind and day. */
export function nextLine(before?: Line, areaId = '', now = Date.now()): Line {
  return {
    id: crypto.randomUUID(),
    kind: before?.kind ?? 'visit',
    customerId: null,
    date: before?.date ?? formatIsoDate(now),
    from: '',
    to: '',
    areaId: before?.areaId ?? areaId,
    code: before?.code ?? 'BASIC',
    penaltyId: '',
    ground: before?.ground ?? 'service',
    points: '',
    idempotencyKey: crypto.randomUUID(),
    body: null,
    done: null,
  };
}

export const isBlank = ({ customerId, from, to, points }: Line): boolean =>
  customerId === null && from === '' && to === '' && points === '';

/** Reads `2026-11-20`, `2026.11.20` or `20261120`; null if there is no such day. */
export function parseDay(text: string): string | null {
  const found = /^(\d{4})[-./ ]?(\d{1,2})[-./ ]?(\d{1,2})\.?$/.exec(text.trim());
  if (!found) return null;
  const [year = 0, month = 0, day = 0] = found.slice(1).map(Number);
  const date = new Date(Date.UTC(year, month - 1, day));
  if (date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day) return null;
  return date.toISOString().slice(0, 10);
}

function at(date: string, clock: string): number | null {
  const [day, time] = [parseDay(date), parseTime(clock)];
  return day === null || time === null ? null : momentOf(`${day} ${time}`);
}

export type Missing = 'customer' | 'date' | 'from' | 'to' | 'area' | 'penalty' | 'points';

/** The command of a line, or the first field that isn't filled in. */
export function commandOf(
  line: Line,
  { takesHalf, longestStayMs }: { takesHalf: (ground: string) => boolean; longestStayMs: number },
): Command | Missing {
  const { kind, customerId, date, from, to, areaId, code, penaltyId, ground } = line;
  if (customerId === null) return 'customer';
  if (parseDay(date) === null) return 'date';
  const happenedAt = at(date, from);
  if (happenedAt === null) return 'from';
  const points = parseWhole(line.points);
  switch (kind) {
    case 'visit': {
      const end = at(date, to);
      if (end === null) return 'to';
      if (areaId === '') return 'area';
      // Somebody who came before midnight left on the next day.
      const endedAt = end < happenedAt ? end + DAY_MS : end;
      // Rather a slip of the pen than a stay over night.
      if (end < happenedAt && endedAt - happenedAt > longestStayMs) return 'to';
      return { type: 'enterVisit', customerId, areaId, beganAt: happenedAt, endedAt };
    }
    case 'penalty':
      return { type: 'imposePenalty', customerId, code, happenedAt };
    case 'penaltyDeduction':
      if (penaltyId === '') return 'penalty';
      if (takesHalf(ground)) return { type: 'deductPenalty', penaltyId, ground, happenedAt };
      if (!points) return 'points';
      return { type: 'deductPenalty', penaltyId, ground, points, happenedAt };
    case 'payment':
      if (!points) return 'points';
      return { type: 'pay', customerId, points, happenedAt };
  }
}

/** Whether two states of a line say the same. */
export const isSame = (one: Line, other: Line): boolean => JSON.stringify(one) === JSON.stringify(other);

/** Returns the line with the key for a command: the same one as long as the command is the same. */
export function keyed(line: Line, command: Command): Line {
  const body = JSON.stringify(command);
  if (line.body === body) return line;
  const idempotencyKey = line.body === null ? line.idempotencyKey : crypto.randomUUID();
  return { ...line, body, idempotencyKey };
}
