import type {
  CustomerCard,
  CustomerHit,
  CustomerName,
  CustomerPage,
  CustomerSearch,
  Inside,
  Occupancy,
  RecentEntry,
  RecentInput,
  Session,
} from '../types';
import { clamp, pageOf } from './paging';
import { educationPoints, isEducated } from './penalties';
import { cardForm, finds } from './searchKeys';
import { publishedOf, verdictView } from './verdict';
import {
  customerOf,
  heldElsewhere,
  heldHere,
  insideOf,
  isForgotten,
  isInside,
  type MockCustomer,
  type MockVisit,
  outstandingOfPenalty,
  tagOf,
  type World,
} from './world';

const HITS_MAX = 200;
const RECENT_MAX = 200;
const monthOf = (at: number) => new Date(at + 9 * 3_600_000).toISOString().slice(0, 7);

export const nameView = (customer: MockCustomer): CustomerName => ({
  customerId: customer.customerId,
  name: customer.unknownHere ? null : customer.name,
  tag: tagOf(customer.customerId),
  unknownHere: customer.unknownHere,
});

function insideView(world: World, customerId: string): Inside | null {
  const visit = insideOf(world, customerId);
  if (!visit) return null;
  const { visitId, areaId, since } = visit;
  return { visitId, areaId, since, forgotten: isForgotten(world, visit) };
}

/** Returns a customer's visit that began last, even if it is voided. */
const lastVisitOf = (world: World, customerId: string): MockVisit | undefined =>
  world.visits
    .filter((visit) => visit.customerId === customerId)
    .reduce<MockVisit | undefined>((last, one) => (last && last.since >= one.since ? last : one), undefined);

export function sessionView(world: World): Session {
  const { facility, staff, areas, retiredAreas, rules, preferences, demonstration, lastBackup } = world;
  const { id, name } = world.terminal;
  return {
    facility,
    terminal: { id, name },
    staff,
    areas,
    retiredAreas,
    rules,
    preferences,
    demonstration,
    version: '0.1.0',
    dataFolder: '/home/desk/.local/share/nosmoke',
    lastBackup,
  };
}

function hitView(world: World, customer: MockCustomer): CustomerHit {
  const { customerId, unknownHere, phone, card, registeredAt } = customer;
  const { standing, outstanding } = publishedOf(world, customerId);
  return {
    customer: nameView(customer),
    phone: unknownHere ? null : phone,
    card,
    standing,
    outstanding,
    inside: insideView(world, customerId),
    lastVisitAt: lastVisitOf(world, customerId)?.since ?? null,
    registeredAt,
  };
}

export function searchView(world: World, { text, limit, cursor }: CustomerSearch): CustomerPage {
  const all = [...world.customers.values()].filter((customer) => !customer.erased);
  const form = cardForm(text);
  const carrier = all.find(({ card }) => card !== null && form !== '' && cardForm(card) === form);
  const page = pageOf('customers', cursor, clamp(limit, HITS_MAX));
  if (carrier) return { hits: [hitView(world, carrier)], byCard: true, next: null };
  const found = all.filter((customer) => finds(text, customer));
  const seen = new Map(found.map(({ customerId, registeredAt }) => [customerId, registeredAt]));
  for (const { customerId, since } of world.visits) {
    seen.set(customerId, Math.max(seen.get(customerId) ?? 0, since));
  }
  const seenAt = ({ customerId }: MockCustomer) => seen.get(customerId) ?? 0;
  const { rows, next } = page(found.sort((a, b) => seenAt(b) - seenAt(a)));
  return { hits: rows.map((customer) => hitView(world, customer)), byCard: false, next };
}

/** Counts a customer's visits in this month (Seoul time), without those that a stopped Mypage hasn't processed. */
function visitsThisMonth({ visits, services: { mypage } }: World, customerId: string): number {
  const month = monthOf(Date.now());
  const isCounted = ({ since, voided }: MockVisit) =>
    monthOf(since) === month && !voided && (mypage.state !== 'stopped' || since < mypage.since);
  return visits.filter((visit) => visit.customerId === customerId && isCounted(visit)).length;
}

export function cardView(world: World, customerId: string): CustomerCard {
  const customer = customerOf(world, customerId);
  const { unknownHere, phone, card, registeredAt, revision, erased, holders, needsUpdate } = customer;
  const here = heldHere(world, customerId);
  const last = lastVisitOf(world, customerId);
  const open = world.penalties.filter(
    (penalty) => penalty.customerId === customerId && outstandingOfPenalty(world, penalty) > 0,
  );
  return {
    customer: nameView(customer),
    phone: unknownHere ? null : phone,
    card,
    registeredAt,
    revision,
    erased,
    verdict: verdictView(world, customerId),
    points: { balance: here + heldElsewhere(world, customerId), payableHere: Math.max(0, here), holders },
    inside: insideView(world, customerId),
    visitsThisMonth: visitsThisMonth(world, customerId),
    lastVisit: last ? { at: last.since, areaId: last.areaId } : null,
    penalties: open
      .sort((a, b) => b.at - a.at)
      .map((penalty) => {
        const { penaltyId, at, code, points, areaId } = penalty;
        const outstanding = outstandingOfPenalty(world, penalty);
        const education = isEducated(world, penaltyId) ? null : educationPoints(world, penalty);
        return { penaltyId, at, code, points, outstanding, educationPoints: education, areaId };
      }),
    needsUpdate,
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
          const { visitId, since } = visit;
          const forgotten = isForgotten(world, visit);
          return { customer: nameView(customer), phone: customer.phone, visitId, since, forgotten };
        }),
      };
    }),
    total: inside.length,
    asOf: Date.now(),
  };
}

export function recentView(world: World, { customerId, limit }: RecentInput): RecentEntry[] {
  return world.records
    .filter((record) => !customerId || record.customer.customerId === customerId)
    .slice(-clamp(limit, RECENT_MAX))
    .reverse()
    .map((record) => ({ ...record, customer: nameView(customerOf(world, record.customer.customerId)) }));
}
