import { convertHangulToQwerty } from 'es-hangul';

/** The prefix by which a scanner names the kind of barcode (AIM), as `]C1` for GS1-128. */
const AIM = /^\][A-Za-z][0-9A-Za-z]/;

/**
 * Returns a scanned text without the scanner's prefixes. The program decides in which form a card is kept and compared;
 * but only here is it known that a text was scanned, and that it begins with the scanner's own prefix.
 */
export function cardOf(scanned: string, prefix = ''): string {
  let bare = scanned.trim();
  let isOwnLeft = prefix !== '';
  while (true) {
    const isOwn = isOwnLeft && bare.startsWith(prefix);
    isOwnLeft &&= !isOwn;
    const rest = (isOwn ? bare.slice(prefix.length) : bare.replace(AIM, '')).trimStart();
    if (rest === '' || rest === bare) return bare;
    bare = rest;
  }
}

/** Whether two texts are the same card at a glance; the program has the last word. */
export const isSameCard = (one: string, other: string): boolean => formOf(one) === formOf(other);

const formOf = (card: string): string =>
  convertHangulToQwerty(cardOf(card))
    .normalize('NFKC')
    .replaceAll(/[\s\p{Pd}]/gu, '')
    .toUpperCase();

/** Whether a text is so likely a phone number that it isn't taken for a card when registering. */
export const looksLikePhone = (text: string): boolean => {
  const bare = text.normalize('NFKC').replaceAll(/[\s.()/·\p{Pd}\u2212]/gu, '');
  return /^0\d{8,10}$/.test(bare.replace(/^\+820?/, '0'));
};
