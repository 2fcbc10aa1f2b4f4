import type { AppError, CustomerCard, ProfileInput } from '../../backend';
import { isBlank, LIMITS, lengthOf } from '../limits';

export type Field = 'name' | 'phone' | 'card';
export const FIELDS: readonly Field[] = ['name', 'phone', 'card'];

/** What stands in the form; an empty text is a field left out. */
export type ProfileTexts = Record<Field, string>;

export const emptyProfile: ProfileTexts = { name: '', phone: '', card: '' };

export const textsOf = (card: CustomerCard): ProfileTexts => ({
  name: card.customer.name ?? '',
  phone: card.phone ?? '',
  card: card.card ?? '',
});

/** As typed: nothing is trimmed, since a name is kept exactly as given. */
export const toInput = ({ name, phone, card }: ProfileTexts): ProfileInput => ({
  name,
  ...(phone === '' ? {} : { phone }),
  ...(card === '' ? {} : { card }),
});

export const isSame = (a: ProfileTexts, b: ProfileTexts): boolean =>
  FIELDS.every((field) => a[field] === b[field]);

export interface FieldProblem {
  kind: 'needed' | 'tooLong';
  count: number;
  max: number;
}

/** What can be told before anything is asked of the program. */
export function problemOf(field: Field, text: string): FieldProblem | null {
  const count = lengthOf(text);
  const max = LIMITS[field];
  if (field === 'name' && isBlank(text)) return { kind: 'needed', count, max };
  return count > max ? { kind: 'tooLong', count, max } : null;
}

/** The field a refusal is about, if it is about one. */
export function fieldOf(error: AppError): Field | null {
  if (error.code === 'card_taken') return 'card';
  const field = error.params.field;
  return FIELDS.find((known) => known === field) ?? null;
}
