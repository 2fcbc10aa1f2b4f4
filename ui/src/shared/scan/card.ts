import { convertHangulToQwerty } from 'es-hangul';

/** Control characters, soft hyphens, and characters of no width that labels and copied lists contain. */
const INVISIBLE = /[\p{Cc}\u00ad\u200b-\u200f\u2060\ufeff]/gu;
/** The prefix by which a scanner names the kind of barcode (AIM), as `]C1` for GS1-128. */
const AIM = /^\][A-Za-z][0-9A-Za-z](?=.)/;
const HANGUL = /[ㄱ-ㅣ가-힣]/;
/** Lengths of the numbers that shops' barcodes and card printers fill up with zeros. */
const PADDED_LENGTHS = [8, 10, 12, 13, 14, 16];

/** Turns what Hangul input made of a scanner's keys back to the keys: `ㅜㄴ-2204` is `NS-2204`. */
const keysOf = (text: string): string =>
  HANGUL.test(text) ? convertHangulToQwerty(text).toUpperCase() : text;

/**
 * Returns a card's number as it is kept and shown: without the scanner's prefixes, invisible characters and spaces at
 * the ends, and with keys instead of jamo.
 */
export function cardOf(text: string, prefix = ''): string {
  const visible = text.replaceAll(INVISIBLE, '').trim();
  const bare = prefix !== '' && visible.startsWith(prefix) ? visible.slice(prefix.length) : visible;
  return keysOf(bare.replace(AIM, '')).trim();
}

/** Normalises a card's number for comparing, as the program does. */
export const cardForm = (card: string): string =>
  cardOf(card)
    .normalize('NFKC')
    .replaceAll(/[\s\p{Pd}]/gu, '')
    .toUpperCase();

/** Recovers a card number typed in Hangul; null unless the text has both Hangul and a digit. */
export const cardTypedInHangul = (text: string): string | null =>
  HANGUL.test(text) && /\d/.test(text) ? keysOf(text) : null;

/**
 * Returns numbers that differ from a card's only by leading zeros: spreadsheets drop them, and some scanners leave them
 * out. The program compares whole numbers only, so the likely lengths are tried.
 */
export function zeroVariants(card: string): string[] {
  if (!/^\d{3,16}$/.test(card)) return [];
  const bare = card.replace(/^0+(?=\d)/, '');
  const padded = PADDED_LENGTHS.filter((length) => length > bare.length).map((length) =>
    bare.padStart(length, '0'),
  );
  return [bare, ...padded].filter((variant) => variant !== card);
}

/** Whether a text is so likely a phone number that it isn't taken for a card when registering. */
export const looksLikePhone = (text: string): boolean => /^0\d{8,10}$/.test(text.replaceAll(/[\s-]/g, ''));
