import type {
  AlikeInput,
  AlikePage,
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
import { recordedNow, recordingOf } from './recorded';
import {
  areSimilar,
  cardForm,
  endsWithDigits,
  finding,
  nameForm,
  phoneEndingOf,
  phoneForm,
  storedForms,
} from './searchKeys';
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
const SIMILAR_MAX = 5;
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

/** What the start asks about the clock; the mock's clock isn't judged, the scenario says it. */
function clockQuestion({ clockDoubt }: World): Session['clockQuestion'] {
  if (clockDoubt === null) return null;
  const now = Date.now();
  const off = clockDoubt === 'behind' ? 40 * 86_400_000 : -71 * 86_400_000;
  return { doubt: clockDoubt, newestFactAt: now + off, now };
}

export function sessionView(world: World): Session {
  const {
    facility,
    staff,
    areas,
    retiredAreas,
    rules,
    preferences,
    preferencesLost,
    demonstration,
    lastBackup,
  } = world;
  const { id, name } = world.terminal;
  return {
    facility,
    terminal: { id, name },
    staff,
    areas,
    retiredAreas,
    rules,
    preferences,
    preferencesLost,
    demonstration,
    version: '0.1.0',
    dataFolder: '/home/desk/.local/share/nosmoke',
    lastBackup,
    evacuation: world.evacuation,
    hasRecoveryCode: world.recoveryCode !== null,
    clockQuestion: clockQuestion(world),
  };
}

/** What a row of a list and a card both show of a customer. */
function customerView(world: World, customer: MockCustomer) {
  const { customerId, unknownHere, phone, card, registeredAt } = customer;
  return {
    customer: nameView(customer),
    phone: unknownHere ? null : phone,
    card,
    registeredAt,
    inside: insideView(world, customerId),
  };
}

export function hitView(world: World, customer: MockCustomer): CustomerHit {
  const { standing, outstanding } = publishedOf(world, customer.customerId);
  const lastVisitAt = lastVisitOf(world, customer.customerId)?.since ?? null;
  return { ...customerView(world, customer), standing, outstanding, lastVisitAt };
}

function lastSeenFirst(world: World, customers: MockCustomer[]): MockCustomer[] {
  const seen = new Map(customers.map(({ customerId, registeredAt }) => [customerId, registeredAt]));
  for (const { customerId, since } of world.visits) {
    seen.set(customerId, Math.max(seen.get(customerId) ?? 0, since));
  }
  const seenAt = ({ customerId }: MockCustomer) => seen.get(customerId) ?? 0;
  return customers.sort((a, b) => seenAt(b) - seenAt(a));
}

const ALIKE_MAX = 5;

/** Returns the customers with the same phone, first those who also have the same name. */
export function alikeView(world: World, { name, phone, except }: AlikeInput): AlikePage {
  const [named, digits] = [nameForm(name), phoneForm(phone)];
  const found = [...world.customers.values()].filter(
    (one) =>
      one.name !== null &&
      !one.unknownHere &&
      digits !== '' &&
      phoneForm(one.phone ?? '') === digits &&
      one.customerId !== except,
  );
  const isSame = (customer: MockCustomer) => nameForm(customer.name ?? '') === named;
  const all = lastSeenFirst(world, found).sort((a, b) => Number(isSame(b)) - Number(isSame(a)));
  const alike = all
    .slice(0, ALIKE_MAX)
    .map((customer) => ({ hit: hitView(world, customer), sameName: isSame(customer) }));
  return { alike, more: all.length > ALIKE_MAX };
}

export function searchView(world: World, { text, limit, cursor }: CustomerSearch): CustomerPage {
  const all = [...world.customers.values()].filter((customer) => !customer.erased);
  const [form = '', ...others] = storedForms(text, world.preferences.scanner.prefix);
  const holderOf = (wanted: string) =>
    all.find(({ card }) => card !== null && wanted !== '' && cardForm(card) === wanted);
  const holder = [form, ...others].map(holderOf).find((customer) => customer !== undefined);
  const page = pageOf('customers', cursor, clamp(limit, HITS_MAX));
  const view = (customer: MockCustomer) => hitView(world, customer);
  if (holder) {
    const ending = phoneEndingOf(text);
    const others = all.filter(
      (customer) => customer !== holder && ending !== null && endsWithDigits(customer.phone, ending),
    );
    const hits = [holder, ...lastSeenFirst(world, others)].slice(0, clamp(limit, HITS_MAX));
    return { hits: hits.map(view), byCard: true, similar: [], next: null };
  }
  const alike = all.filter(({ card }) => card !== null && areSimilar(form, cardForm(card)));
  const similar = cursor
    ? []
    : alike
        .sort(
          (a, b) =>
            cardForm(a.card ?? '').length - cardForm(b.card ?? '').length || a.registeredAt - b.registeredAt,
        )
        .slice(0, SIMILAR_MAX);
  const { rows, next } = page(lastSeenFirst(world, all.filter(finding(text))));
  return { hits: rows.map(view), byCard: false, similar: similar.map(view), next };
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
  const recording = recordingOf(world, customerId);
  if (recording) return { ...recordedNow(recording).card, ...customerView(world, customer) };
  const { revision, erased, holders, needsUpdate } = customer;
  const here = heldHere(world, customerId);
  const last = lastVisitOf(world, customerId);
  const open = world.penalties.filter(
    (penalty) => penalty.customerId === customerId && outstandingOfPenalty(world, penalty) > 0,
  );
  return {
    ...customerView(world, customer),
    revision,
    erased,
    ...(customer.consentOn !== null && { consentOn: customer.consentOn }),
    verdict: verdictView(world, customerId),
    points: { balance: here + heldElsewhere(world, customerId), payableHere: Math.max(0, here), holders },
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
    notices: [],
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
