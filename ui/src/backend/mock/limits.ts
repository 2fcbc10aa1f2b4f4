import { refuse } from './world';

export const NAME_MAX = 200;
const PHONE_MAX = 40;
const CARD_MAX = 64;
const NOTE_MAX = 500;
export const STOP_REASON_MAX = 80;
export const KEY_MAX = 128;
export const CAPACITY_MAX = 100_000;
export const VISIT_POINTS_MAX = 1_000_000;
export const PENALTY_POINTS_MAX = 1_000;
export const AMOUNT_MAX = Number.MAX_SAFE_INTEGER;

/** Checks a required text. */
export function checkNeeded(field: string, text: string, max: number): void {
  if (text.trim() === '') throw refuse('empty', { field });
  checkText(field, text, max);
}

/** Checks a text that may be empty. */
export function checkText(field: string, text: string, max: number): void {
  checkLength(field, text, max);
  const isControl = (letter: string) => /\p{Cc}/u.test(letter) && !'\t\n\r'.includes(letter);
  if ([...text].some(isControl)) throw refuse('invalid_text', { field });
}

function checkLength(field: string, text: string, max: number): void {
  if ([...text].length > max) throw refuse('too_long', { field, max });
}

/** Checks a profile's texts. Characters of a card that nobody sees are taken off when it is kept. */
export function checkProfile(name: string, phone = '', card = ''): void {
  checkNeeded('name', name, NAME_MAX);
  checkText('phone', phone, PHONE_MAX);
  checkLength('card', card, CARD_MAX);
}

/** Checks a note and returns it as it is stored: null if it is empty. */
export function noteOf(text: string | undefined): string | null {
  if (!text) return null;
  checkText('note', text, NOTE_MAX);
  return text;
}

/** Checks that a value is a whole number in range, and returns it. A screen may send the number as a text. */
export function whole(value: unknown, field: string, min: number, max: number): number {
  const isText = typeof value === 'string' && /^[+-]?\d+$/.test(value);
  const number = isText ? Number(value) : value;
  if (typeof number !== 'number' || !Number.isInteger(number)) throw refuse('not_whole', { field });
  if (number < min || number > max) throw refuse('out_of_range', { field, min, max });
  return number;
}
