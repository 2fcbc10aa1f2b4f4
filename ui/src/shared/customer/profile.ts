import type { AppError, CustomerCard, ProfileInput } from '../../backend';
import { isBlank, LIMITS, lengthOf } from '../limits';
import { cardOf } from '../scan/card';
import { readScanner } from '../scan/scannerSettings';

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

/**
 * Converts the form's texts to a profile. Names are stored exactly as typed, but a card in the one form in which it is
 * kept, however it came into the field.
 */
export function toInput({ name, phone, card }: ProfileTexts): ProfileInput {
  const kept = cardOf(card, readScanner().prefix);
  return { name, ...(phone === '' ? {} : { phone }), ...(kept === '' ? {} : { card: kept }) };
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
