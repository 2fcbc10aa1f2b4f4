import type {
  CustomerCard,
  CustomerHit,
  CustomerName,
  CustomerPage,
  CustomerSearch,
  Inside,
  Occupancy,
  RecentInput,
  RecentRecord,
  Session,
  VerdictLine,
} from '../types';
import { nameMatches } from './hangul';
import {
  customerOf,
  deductedFrom,
  heldElsewhere,
  heldHere,
  insideOf,
  isInside,
  type MockCustomer,
  type MockVisit,
  outstandingOf,
  outstandingOfPenalty,
  standingOf,
  tagOf,
  type World,
} from './world';

const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;

export const nameView = (customer: MockCustomer): CustomerName => ({
  customerId: customer.customerId,
  name: customer.unknownHere ? null : customer.name,
  tag: tagOf(customer.customerId),
  unknownHere: customer.unknownHere,
});

const isForgotten = (world: World, visit: MockVisit): boolean =>
  Date.now() - visit.since > world.rules.forgottenAfterHours * HOUR_MS;

function insideView(world: World, customerId: string): Inside | null {
  const visit = insideOf(world, customerId);
  return visit
    ? {
        visitId: visit.visitId,
        areaId: visit.areaId,
        since: visit.since,
        forgotten: isForgotten(world, visit),
      }
    : null;
}

function lastVisitOf(world: World, customerId: string): MockVisit | undefined {
  return world.visits
    .filter((visit) => visit.customerId === customerId && visit.status !== 'VOIDED')
    .reduce<MockVisit | undefined>(
      (last, visit) => (!last || visit.since > last.since ? visit : last),
      undefined,
    );
}

export function sessionView(world: World): Session {
  return {
    facility: world.facility,
    terminal: world.terminal,
    staff: world.staff,
    areas: world.areas,
    retiredAreas: [],
    rules: world.rules,
    preferences: world.preferences,
    demonstration: world.demonstration,
    version: '0.1.0',
    dataFolder: '/home/desk/.local/share/nosmoke',
    lastBackup: world.lastBackup,
  };
}

function hitView(world: World, customer: MockCustomer): CustomerHit {
  const outstanding = outstandingOf(world, customer.customerId);
  const last = lastVisitOf(world, customer.customerId);
  return {
    customer: nameView(customer),
    phone: customer.unknownHere ? null : customer.phone,
    card: customer.card,
    standing: standingOf(world, outstanding),
    outstanding,
    inside: insideView(world, customer.customerId),
    lastVisitAt: last ? (last.endedAt ?? last.since) : null,
    registeredAt: customer.registeredAt,
  };
}

export function searchView(world: World, { text, limit, cursor }: CustomerSearch): CustomerPage {
  const wanted = text.trim();
  const all = [...world.customers.values()].filter((customer) => !customer.erased);
  const carrier = all.find((customer) => customer.card !== null && customer.card === wanted);
  if (carrier) return { hits: [hitView(world, carrier)], byCard: true, next: null };
  const digits = wanted.replaceAll(/[\s-]/g, '');
  const found = all.filter((customer) => {
    if (wanted === '') return true;
    if (customer.name !== null && nameMatches(wanted, customer.name)) return true;
    if (/^\d{2,}$/.test(digits) && customer.phone?.replaceAll(/\D/g, '').includes(digits)) return true;
    return customer.card?.toLowerCase().startsWith(wanted.toLowerCase()) ?? false;
  });
  const seen = new Map<string, number>();
  for (const visit of world.visits) {
    seen.set(visit.customerId, Math.max(seen.get(visit.customerId) ?? 0, visit.endedAt ?? visit.since));
  }
  const rank = ({ customerId }: MockCustomer) => seen.get(customerId) ?? 0;
  found.sort((a, b) => rank(b) - rank(a) || b.registeredAt - a.registeredAt);
  const from = cursor ? Number(cursor) : 0;
  return {
    hits: found.slice(from, from + limit).map((customer) => hitView(world, customer)),
    byCard: false,
    next: from + limit < found.length ? String(from + limit) : null,
  };
}

export function verdictLines(world: World, customerId: string): VerdictLine[] {
  const lines: Omit<VerdictLine, 'outstanding'>[] = [];
  const common = { generation: world.rules.generation };
  for (const penalty of world.penalties.filter((one) => one.customerId === customerId)) {
    const { at, code, areaId, points, by, terminalName } = penalty;
    lines.push({
      ...common,
      at,
      kind: 'penaltyImposed',
      code,
      ground: null,
      areaId,
      points,
      by,
      terminalName,
    });
    if (penalty.voidedAt !== null) {
      const deducted = deductedFrom(world, penalty.penaltyId);
      const taken = -Math.max(0, points - deducted);
      lines.push({
        ...common,
        at: penalty.voidedAt,
        kind: 'penaltyVoided',
        code,
        ground: null,
        areaId,
        points: taken,
        by,
        terminalName,
      });
    }
  }
  for (const { at, ground, points, by } of world.deductions.filter((one) => one.customerId === customerId)) {
    lines.push({
      ...common,
      at,
      kind: 'penaltyDeducted',
      code: null,
      ground,
      areaId: null,
      points: -points,
      by,
      terminalName: world.terminal.name,
    });
  }
  let outstanding = 0;
  return lines
    .sort((a, b) => a.at - b.at)
    .map((line) => {
      outstanding += line.points;
      return { ...line, outstanding };
    });
}

export function cardView(world: World, customerId: string): CustomerCard {
  const customer = customerOf(world, customerId);
  const outstanding = outstandingOf(world, customerId);
  const standing = standingOf(world, outstanding);
  const { warnAt, prohibitAt } = world.rules;
  const last = lastVisitOf(world, customerId);
  const here = heldHere(world, customerId);
  const month = new Date().toISOString().slice(0, 7);
  const offline = world.scenario.sync === 'offline';
  return {
    customer: nameView(customer),
    phone: customer.unknownHere ? null : customer.phone,
    card: customer.card,
    registeredAt: customer.registeredAt,
    revision: customer.revision,
    erased: customer.erased,
    verdict: {
      standing,
      outstanding,
      warnAt,
      prohibitAt,
      asOf: Date.now() - (offline ? 95 * MINUTE_MS : 0),
      behind: false,
      toLift: standing === 'PROHIBITED' ? outstanding - prohibitAt + 1 : null,
      lines: verdictLines(world, customerId),
    },
    points: {
      balance: here + heldElsewhere(world, customerId),
      payableHere: here,
      holders: customer.holders,
    },
    inside: insideView(world, customerId),
    visitsThisMonth: world.visits.filter(
      (visit) => visit.customerId === customerId && new Date(visit.since).toISOString().startsWith(month),
    ).length,
    lastVisit: last ? { at: last.endedAt ?? last.since, areaId: last.areaId } : null,
    penalties: world.penalties
      .filter((penalty) => penalty.customerId === customerId && outstandingOfPenalty(world, penalty) > 0)
      .sort((a, b) => b.at - a.at)
      .map((penalty) => {
        const left = outstandingOfPenalty(world, penalty);
        const educated = world.deductions.some(
          ({ penaltyId, ground }) => penaltyId === penalty.penaltyId && ground === 'education',
        );
        const { penaltyId, at, code, points, areaId } = penalty;
        return {
          penaltyId,
          at,
          code,
          points,
          outstanding: left,
          educationPoints: educated ? null : Math.min(left, Math.max(1, Math.floor(points / 2))),
          areaId,
        };
      }),
    needsUpdate: customer.needsUpdate,
  };
}

export function occupancyView(world: World): Occupancy {
  const inside = world.visits.filter(isInside).sort((a, b) => a.since - b.since);
  return {
    areas: world.areas.map((area) => {
      const here = inside.filter(({ areaId }) => areaId === area.areaId);
      return {
        area,
        present: here.length,
        inside: here.map((visit) => {
          const customer = customerOf(world, visit.customerId);
          return {
            customer: nameView(customer),
            phone: customer.phone,
            visitId: visit.visitId,
            since: visit.since,
            forgotten: isForgotten(world, visit),
          };
        }),
      };
    }),
    total: inside.length,
    asOf: Date.now(),
  };
}

export function recentView(world: World, { customerId, limit }: RecentInput): RecentRecord[] {
  return world.records
    .filter((record) => !customerId || record.customer.customerId === customerId)
    .slice(-limit)
    .reverse()
    .map((record) => ({ ...record, customer: nameView(customerOf(world, record.customer.customerId)) }));
}
