import type { AppError, CustomerCard, ProfileInput } from '../../backend';
import { isBlank, LIMITS, lengthOf } from '../limits';
import { looksLikePhone } from '../scan/card';

export type Field = 'name' | 'phone' | 'card';
export const FIELDS: readonly Field[] = ['name', 'phone', 'card'];

/** The texts of the customer form; an empty text means no value. */
export type ProfileTexts = Record<Field, string>;

export const emptyProfile: ProfileTexts = { name: '', phone: '', card: '' };

export const textsOf = (card: CustomerCard): ProfileTexts => ({
  name: card.customer.name ?? '',
  phone: card.phone ?? '',
  card: card.card ?? '',
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
export function toInput({ name, phone, card }: ProfileTexts): ProfileInput {
  return { name, ...(phone === '' ? {} : { phone }), ...(card === '' ? {} : { card }) };
}

export const isSame = (a: ProfileTexts, b: ProfileTexts): boolean =>
  FIELDS.every((field) => a[field] === b[field]);

export interface FieldProblem {
  kind: 'needed' | 'tooLong';
  count: number;
  max: number;
}

/** Checks a field before the form is sent. Returns the problem, or null if the field is valid. */
export function problemOf(field: Field, text: string): FieldProblem | null {
  const count = lengthOf(text);
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
