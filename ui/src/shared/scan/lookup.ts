import type { Backend, CustomerHit, CustomerPage } from '../../backend';
import { cardOf, cardTypedInHangul, zeroVariants } from './card';
import { readScanner } from './scannerSettings';

/** Returns who has a card. `raw` is the text as scanned: a card may have been registered with its prefix. */
export async function holderOf(backend: Backend, card: string, raw = card): Promise<CustomerHit | null> {
  for (const text of new Set([card, raw])) {
    const page = await backend.searchCustomers({ text, limit: 1 });
    if (page.byCard) return page.hits[0] ?? null;
  }
  return null;
}

/** Results of the desk's search. */
export interface FoundPage extends CustomerPage {
  /** Nobody has this card, but the hits have cards that differ from it only by leading zeros. */
  isSimilar: boolean;
}

interface Search {
  text: string;
  limit: number;
  cursor?: string | undefined;
  isScan: boolean;
}

/**
 * Searches for a text as the desk needs it. A card found comes first, then those whose phone number has the same
 * digits: somebody may have said the ending of a phone. A card that nobody has is also looked for with other leading
 * zeros.
 */
export async function searchAtDesk(
  backend: Backend,
  { text, limit, cursor, isScan }: Search,
): Promise<FoundPage> {
  const search = (what: string) => backend.searchCustomers({ text: what, limit });
  const plain = { isSimilar: false };
  if (cursor !== undefined) {
    return { ...(await backend.searchCustomers({ text, limit, cursor })), ...plain };
  }
  const page = await search(text);
  if (page.byCard) return { ...(await withPhones(search, text, page)), ...plain };
  const card = isScan ? cardOf(text, readScanner().prefix) : (cardTypedInHangul(text) ?? text.trim());
  if (card !== text && (isScan || page.hits.length === 0)) {
    const other = await search(card);
    if (other.byCard || page.hits.length === 0) return { ...other, ...plain };
  }
  if (!isScan && page.hits.length > 0) return { ...page, ...plain };
  const pages = await Promise.all(zeroVariants(card).map(search));
  const similar = pages.filter(({ byCard }) => byCard).flatMap(({ hits }) => hits);
  return similar.length === 0
    ? { ...page, ...plain }
    : { ...page, hits: unique([...similar, ...page.hits]), isSimilar: true };
}

async function withPhones(
  search: (text: string) => Promise<CustomerPage>,
  text: string,
  page: CustomerPage,
): Promise<CustomerPage> {
  if (!/^\d{3,8}$/.test(text)) return page;
  // An opening bracket may be part of a phone number but of no card, so this finds phones alone.
  const phones = await search(`(${text}`);
  return { ...page, hits: unique([...page.hits, ...phones.hits]) };
}

const unique = (hits: CustomerHit[]): CustomerHit[] => [
  ...new Map(hits.map((hit) => [hit.customer.customerId, hit])).values(),
];
