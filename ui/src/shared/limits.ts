import { parseWhole } from './format';

/** Maximum lengths in characters. The program checks them; the screens also do, already while the user types. */
export const LIMITS = { name: 200, phone: 40, card: 64 } as const;

const CAPACITY_MAX = 100_000;

/** Returns true if a text is a valid capacity of an area. */
export function isCapacity(text: string): boolean {
  const people = parseWhole(text);
  return people !== null && people >= 1 && people <= CAPACITY_MAX;
}

/** Returns a text's length in Unicode code points, not in UTF-16 units. */
export const lengthOf = (text: string): number => [...text].length;

/** Returns true if a text is empty or only whitespace. */
export const isBlank = (text: string): boolean => /^\s*$/u.test(text);
