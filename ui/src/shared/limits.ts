/** Limits of texts, in characters, as the program checks them; told while typing rather than after. */
export const LIMITS = { name: 200, phone: 40, card: 64 } as const;

/** Characters as people count them, more or less: not UTF-16 halves. */
export const lengthOf = (text: string): number => [...text].length;

/** Nothing but spaces is no name. */
export const isBlank = (text: string): boolean => /^\s*$/u.test(text);
