import type { Actor, FactKind, RecentEntry, WhoEntry, WhoFilter, WhoInput, WhoMark, WhoPage } from '../types';
import { dayStart } from './access';
import { isAhead } from './record';
import { nameView } from './views';
import { customerOf, refuse, type World } from './world';

const DAY_MS = 86_400_000;

const CORRECTIONS = new Set<FactKind>([
  ...(['checkOutTakenBack', 'visitVoided', 'paymentVoided', 'pointsAdjusted'] as const),
  ...(['penaltyVoided', 'penaltyDeductionVoided'] as const),
]);

function actorNamed({ people }: World, name: string | null): Actor {
  const person = people.find((one) => one.name === name);
  if (name === null) return { kind: 'program' };
  return { kind: 'staff', staffId: person?.staffId ?? '', name };
}

function entryOf(world: World, entry: RecentEntry): WhoEntry {
  const approver = world.approvals.get(entry.eventId) ?? null;
  const visit = world.visits.find(({ visitId }) => visitId === entry.subjectId);
  const marks: WhoMark[] = [];
  if (CORRECTIONS.has(entry.kind)) marks.push('correction');
  if (entry.kind === 'checkedIn' && visit?.admitted) marks.push('override');
  if (approver) marks.push('approval');
  if (isAhead(entry.at)) marks.push('clockAhead');
  const { eventId, at, kind, subjectId, areaId, code, ground, points, penaltyPoints } = entry;
  return {
    ...{ eventId, at, kind, subjectId, areaId, code, ground, points, penaltyPoints, marks },
    customer: nameView(customerOf(world, entry.customer.customerId)),
    by: actorNamed(world, entry.by),
    approvedBy: approver && { kind: 'staff', staffId: approver.staffId, name: approver.name },
    terminalId: world.terminal.id,
    terminalName: world.terminal.name,
  };
}

function matches({ by, approvedBy, at, kind, marks, terminalId }: WhoEntry, filter: WhoFilter): boolean {
  const wanted = filter.by;
  const isBy = (actor: Actor | null) =>
    actor !== null &&
    wanted !== undefined &&
    actor.kind === wanted.kind &&
    (wanted.kind !== 'staff' || (actor.kind === 'staff' && actor.staffId === wanted.staffId)) &&
    (wanted.kind !== 'token' || (actor.kind === 'token' && actor.tokenId === wanted.tokenId));
  return (
    (!wanted || isBy(by) || isBy(approvedBy)) &&
    (!filter.terminalId || filter.terminalId === terminalId) &&
    (!filter.kind || filter.kind === kind) &&
    (!filter.marked || marks.length > 0) &&
    (!filter.from || at >= dayStart(filter.from)) &&
    (!filter.to || at < dayStart(filter.to) + DAY_MS)
  );
}

export function whoPage(world: World, { filter, cursor, limit }: WhoInput): WhoPage {
  if (limit < 1 || limit > 200) throw refuse('out_of_range', { field: 'limit', min: 1, max: 200 });
  const from = cursor === undefined ? 0 : Number(cursor);
  if (Number.isNaN(from)) throw refuse('invalid_input', { detail: 'a cursor' });
  const found = [...world.records]
    .sort((one, other) => other.at - one.at)
    .map((entry) => entryOf(world, entry))
    .filter((entry) => matches(entry, filter));
  const entries = found.slice(from, from + limit);
  return { entries, next: from + limit < found.length ? String(from + limit) : null };
}

const placeOf = (actor: Actor): string => {
  const kind = ['staff', 'token', 'program'].indexOf(actor.kind);
  const name = 'name' in actor ? actor.name : null;
  const isOwner = actor.kind === 'token' && actor.tokenId === 'owner';
  return `${kind} ${isOwner ? 0 : 1} ${name === null ? 1 : 0} ${name ?? ''}`;
};

/** Staff, the owner's token, all tokens and the program; those of a kind by name, the unnamed last. */
export function recordersView({ people, tokens, tokensElsewhere }: World): Actor[] {
  const actors: Actor[] = [
    ...people.map(({ staffId, name }): Actor => ({ kind: 'staff', staffId, name })),
    ...[...tokens, ...tokensElsewhere].map(({ tokenId, name }): Actor => {
      return { kind: 'token', tokenId, name: tokenId === 'owner' ? null : name };
    }),
    { kind: 'program' },
  ];
  return actors.sort((one, other) => (placeOf(one) < placeOf(other) ? -1 : 1));
}
