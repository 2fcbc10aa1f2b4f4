import type { Backend, CustomerHit, CustomerPage } from '../../backend';

/** The result of looking for a card that was read. */
export interface CardFound {
  /** Who has the card. */
  holder: CustomerHit | null;
  /** If nobody has it, those whose cards differ from it only by leading zeros. */
  similar: CustomerHit[];
}

/** Looks for a card. `raw` is the text as scanned: a card may have been registered with its prefix. */
export async function findCard(backend: Backend, card: string, raw: string): Promise<CardFound> {
  let similar: CustomerHit[] = [];
  for (const text of new Set([card, raw])) {
    const page = await backend.searchCustomers({ text, limit: 1 });
    if (page.byCard) return { holder: page.hits[0] ?? null, similar: [] };
    similar = [...similar, ...page.similar];
  }
  return { holder: null, similar };
}

/** Results of a search with the cards that are offered. */
export interface FoundPage extends CustomerPage {
  /** Nobody has this card, but the first hits have cards that differ from it only by leading zeros. */
  isSimilar: boolean;
}

/** Puts similar cards first, if the text was scanned or finds nobody else. */
export function withSimilar(page: CustomerPage, isScan: boolean): FoundPage {
  const isSimilar = page.similar.length > 0 && (isScan || page.hits.length === 0);
  return { ...page, isSimilar, hits: isSimilar ? unique([...page.similar, ...page.hits]) : page.hits };
}

const unique = (hits: CustomerHit[]): CustomerHit[] => [
  ...new Map(hits.map((hit) => [hit.customer.customerId, hit])).values(),
];
