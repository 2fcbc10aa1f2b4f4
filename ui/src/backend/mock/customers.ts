import type { LinkedCustomer, Outcome, ProfileInput } from '../types';
import { dayStart } from './access';
import { checkProfile } from './limits';
import { expectLiving, note, type Of } from './record';
import { cardForm, cardNumber } from './searchKeys';
import { addCustomer } from './seed';
import { nameView } from './views';
import {
  customerOf,
  heldElsewhere,
  heldHere,
  idsOf,
  newId,
  outstandingOf,
  refuse,
  tagOf,
  type World,
} from './world';

const isoDay = (at: number) => new Date(at + 9 * 3_600_000).toISOString().slice(0, 10);

/** Converts a typed profile to a stored one: an empty field becomes null, and a card has the form in which it is kept. */
function profileOf(
  world: World,
  { name, phone, card, consentOn }: ProfileInput,
  current: string | null = null,
) {
  const { prefix } = world.preferences.scanner;
  const kept = card && card !== current ? cardNumber(card, prefix) : card;
  if (consentOn !== undefined && dayStart(consentOn) > Date.now())
    throw refuse('out_of_range', { field: 'consentOn', min: '1900-01-01', max: isoDay(Date.now()) });
  return { name, phone: phone || null, card: kept || null, consentOn: consentOn ?? null };
}

function expectFreeCard(world: World, card: string | null, customerId?: string): void {
  if (card === null) return;
  const form = cardForm(card);
  const carrier = [...world.customers.values()].find(
    (one) => one.card !== null && cardForm(one.card) === form && one.customerId !== customerId,
  );
  if (carrier) throw refuse('card_taken', { customerId: carrier.customerId, name: carrier.name });
}

export function register(world: World, { profile }: Of<'registerCustomer'>): Outcome {
  checkProfile(profile.name, profile.phone, profile.card);
  const kept = profileOf(world, profile);
  expectFreeCard(world, kept.card);
  const { customerId } = addCustomer(world, kept);
  return { type: 'customerSaved', customerId, revision: 1 };
}

export function revise(world: World, { customerId, baseRevision, profile }: Of<'reviseCustomer'>): Outcome {
  checkProfile(profile.name, profile.phone, profile.card);
  const customer = expectLiving(customerOf(world, customerId));
  if (customer.revision !== baseRevision) throw refuse('revised_meanwhile', { revision: customer.revision });
  const kept = profileOf(world, profile, customer.card);
  expectFreeCard(world, kept.card, customerId);
  const { revision } = Object.assign(customer, kept, { revision: customer.revision + 1 });
  return { type: 'customerSaved', customerId, revision };
}

const pairOf = (one: string, other: string): string => [one, other].sort().join(' ');

export function link(world: World, { customerId, otherId }: Of<'linkCustomers'>): Outcome {
  const [one, other] = [customerOf(world, customerId), customerOf(world, otherId)];
  if (one === other) throw refuse('same_customer');
  expectLiving(one);
  expectLiving(other);
  if (one.linked.includes(otherId)) throw refuse('already_linked');
  one.linked.push(otherId);
  other.linked.push(customerId);
  const linkId = newId();
  world.linkIds.set(pairOf(customerId, otherId), linkId);
  note(world, customerId, 'customersLinked', linkId);
  note(world, otherId, 'customersLinked', linkId);
  return { type: 'done' };
}

export function part(world: World, { customerId, otherId }: Of<'partCustomers'>): Outcome {
  const [one, other] = [customerOf(world, customerId), customerOf(world, otherId)];
  if (!one.linked.includes(otherId)) throw refuse('not_linked');
  one.linked = one.linked.filter((id) => id !== otherId);
  other.linked = other.linked.filter((id) => id !== customerId);
  const linkId = world.linkIds.get(pairOf(customerId, otherId)) ?? null;
  note(world, customerId, 'customersParted', linkId);
  note(world, otherId, 'customersParted', linkId);
  return { type: 'done' };
}

/** The other ids of a person, by id. */
export const linkedView = (world: World, customerId: string): LinkedCustomer[] =>
  idsOf(world, customerId)
    .filter((id) => id !== customerId)
    .sort()
    .map((id) => {
      const other = customerOf(world, id);
      return {
        customer: nameView(other),
        phone: other.phone,
        balance: heldHere(world, id) + heldElsewhere(world, id),
        outstanding: outstandingOf(world, id),
        direct: other.linked.includes(customerId),
      };
    });

/** Erases a person with all ids that are linked. */
export function erase(world: World, { customerId }: Of<'eraseCustomer'>): Outcome {
  expectLiving(customerOf(world, customerId));
  for (const id of idsOf(world, customerId)) eraseId(world, id);
  return { type: 'done' };
}

function eraseId(world: World, customerId: string): void {
  const customer = customerOf(world, customerId);
  if (customer.erased) return;
  const revision = customer.revision + 1;
  Object.assign(customer, { erased: true, name: null, phone: null, card: null, consentOn: null, revision });
  const own = [...world.payments, ...world.adjustments, ...world.penalties, ...world.deductions];
  for (const one of own) if (one.customerId === customerId) one.note = null;
  const eventId = note(world, customerId, 'customerErased', null);
  const waiting = world.replication.others.map(({ name, terminalId }) => name ?? terminalId);
  const erasure = {
    eventId,
    at: Date.now(),
    tag: tagOf(customerId),
    applied: [world.terminal.name],
    waiting,
  };
  world.replication.erasures.unshift(erasure);
}
