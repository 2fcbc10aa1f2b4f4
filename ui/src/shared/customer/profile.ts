import type { AppError, CustomerCard, ProfileInput } from '../../backend';
import { isBlank, LIMITS, lengthOf } from '../limits';
import { looksLikePhone } from '../scan/card';
import { formatIsoDate } from '../time';

export type Field = 'name' | 'phone' | 'card' | 'consentOn';
export const FIELDS: readonly Field[] = ['name', 'phone', 'card', 'consentOn'];

const DAY_LENGTH = '2026-11-20'.length;

/** The texts of the customer form; an empty text means no value. */
export type ProfileTexts = Record<Field, string>;

export const emptyProfile: ProfileTexts = { name: '', phone: '', card: '', consentOn: '' };

export const textsOf = (card: CustomerCard): ProfileTexts => ({
  name: card.customer.name ?? '',
  phone: card.phone ?? '',
  card: card.card ?? '',
  consentOn: card.consentOn ?? '',
});

/** A number that isn't a whole phone is the ending of one if it is short, else a card. */
const numberOf = (text: string): Partial<ProfileTexts> =>
  looksLikePhone(text) || /^[\d\s-]{4,6}$/.test(text) ? { phone: text } : { card: text };

/**
 * Prefills the form of a new customer with a search text that found nobody: a name, a phone, a card, or a name with one
 * of the others.
 */
export function initialProfile(text: string, isScan: boolean): Partial<ProfileTexts> {
  if (isScan) return { card: text };
  if (!/\d{4,}/.test(text.normalize('NFKC').replaceAll(/[\s.-]/g, ''))) return { name: text };
  const words = text.trim().split(/\s+/);
  const name = words.filter((word) => !/[\d+]/.test(word.normalize('NFKC'))).join(' ');
  const number = words.filter((word) => /[\d+]/.test(word.normalize('NFKC'))).join(' ');
  const isOfAName = /[가-힣]/.test(name) || (name !== '' && looksLikePhone(number));
  return isOfAName ? { name, ...numberOf(number) } : numberOf(text);
}

/** Converts the form's texts to a profile, exactly as typed; the program decides in which form it keeps a card. */
export function toInput({ name, phone, card, consentOn }: ProfileTexts): ProfileInput {
  const given = { phone, card, consentOn };
  return { name, ...Object.fromEntries(Object.entries(given).filter(([, text]) => text !== '')) };
}

export const isSame = (a: ProfileTexts, b: ProfileTexts): boolean =>
  FIELDS.every((field) => a[field] === b[field]);

export interface FieldProblem {
  kind: 'needed' | 'tooLong' | 'noDay';
  count: number;
  max: number;
}

/** Whether a text is a day such as `2026-11-20` that isn't in the future. */
export function isDay(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  const at = Date.parse(`${text}T00:00:00+09:00`);
  return !Number.isNaN(at) && formatIsoDate(at) === text && text <= formatIsoDate(Date.now());
}

/** Checks a field before the form is sent. Returns the problem, or null if the field is valid. */
export function problemOf(field: Field, text: string): FieldProblem | null {
  const count = lengthOf(text);
  if (field === 'consentOn')
    return text === '' || isDay(text) ? null : { kind: 'noDay', count, max: DAY_LENGTH };
  const max = LIMITS[field];
  if (field === 'name' && isBlank(text)) return { kind: 'needed', count, max };
  return count > max ? { kind: 'tooLong', count, max } : null;
}

/** Returns the form's field that an error is about; null if it is about none. */
export function fieldOf(error: AppError): Field | null {
  if (error.code === 'card_taken') return 'card';
  const field = error.params.field;
  return FIELDS.find((known) => known === field) ?? null;
}
