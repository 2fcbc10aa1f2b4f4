import type { ErasurePreview, Keeping, UnseenInput, UnseenPage } from '../types';
import { checkText, whole } from './limits';
import { publishedOf } from './verdict';
import { hitView, nameView } from './views';
import { customerOf, heldElsewhere, heldHere, idsOf, insideOf, refuse, type World } from './world';

const YEAR_MS = 365.25 * 86_400_000;
const NOTICE_MAX = 4_000;
const YEARS_MAX = 30;

export function erasurePreview(world: World, { customerId }: { customerId: string }): ErasurePreview {
  const asked = customerOf(world, customerId);
  if (asked.erased) throw refuse('customer_erased');
  const ids = idsOf(world, customerId);
  const count = (list: readonly { customerId: string }[]) =>
    list.filter((one) => ids.includes(one.customerId)).length;
  const notes = [...world.payments, ...world.adjustments, ...world.penalties, ...world.deductions].filter(
    (one) => ids.includes(one.customerId) && one.note !== null,
  ).length;
  const accessRows = world.access.rows.filter((row) => row.customerId && ids.includes(row.customerId)).length;
  const stays = [
    { what: 'visits', count: count(world.visits), why: 'counts' },
    { what: 'payments', count: count(world.payments), why: 'sums' },
    { what: 'adjustments', count: count(world.adjustments), why: 'sums' },
    { what: 'penalties', count: count(world.penalties), why: 'accountability' },
    { what: 'accessRows', count: accessRows, why: 'accountability' },
  ] as const;
  return {
    ids: ids.map((id) => {
      const customer = customerOf(world, id);
      const visits = world.visits.filter((visit) => visit.customerId === id).map(({ since }) => since);
      return {
        customer: nameView(customer),
        phone: customer.phone,
        card: customer.card,
        registeredAt: customer.registeredAt,
        lastVisitAt: visits.length > 0 ? Math.max(...visits) : null,
        inside: insideOf(world, id) !== undefined,
        erased: customer.erased,
      };
    }),
    notes,
    prohibited: publishedOf(world, customerId).standing === 'PROHIBITED',
    balance: ids.reduce((sum, id) => sum + heldHere(world, id) + heldElsewhere(world, id), 0),
    stays: stays.filter((line) => line.count > 0),
  };
}

export function unseenPage(world: World, { cursor, limit }: UnseenInput): UnseenPage {
  if (limit < 1 || limit > 200) throw refuse('out_of_range', { field: 'limit', min: 1, max: 200 });
  const { unseenYears } = world.keeping;
  if (unseenYears === null) return { customers: [], next: null, unseenYears };
  const before = Date.now() - unseenYears * YEAR_MS;
  const from = cursor === undefined ? 0 : Number(cursor);
  const unseen = [...world.customers.values()]
    .filter(({ erased, name }) => !erased && name !== null)
    .map((customer) => hitView(world, customer))
    .filter(({ lastVisitAt, registeredAt, inside }) => !inside && (lastVisitAt ?? registeredAt) < before)
    .sort((one, other) => (one.lastVisitAt ?? one.registeredAt) - (other.lastVisitAt ?? other.registeredAt));
  const customers = unseen.slice(from, from + limit);
  return { customers, next: from + limit < unseen.length ? String(from + limit) : null, unseenYears };
}

export function saveKeeping(world: World, { unseenYears, notice }: Keeping): Keeping {
  if (unseenYears !== null) whole(unseenYears, 'unseenYears', 1, YEARS_MAX);
  checkText('notice', notice, NOTICE_MAX);
  world.keeping = { unseenYears, notice };
  return world.keeping;
}
