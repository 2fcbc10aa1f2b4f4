import { convertHangulToQwerty, getChoseong } from 'es-hangul';

/** The Hangul initial consonants as they are typed, in the order in which NFD's conjoining ones begin at U+1100. */
const INITIALS = [...'ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ'];
const FIRST_LEADING = 0x1100;

/** Normalises a card number for comparing. Scanners type like a keyboard, which may be set to Hangul. */
export const cardForm = (card: string): string =>
  convertHangulToQwerty(card)
    .normalize('NFKC')
    .replaceAll(/[\s\p{Pd}]/gu, '')
    .toUpperCase();

/** Normalises the name of an area: names with the same form read alike and are one area. */
export const areaForm = (name: string): string =>
  name
    .normalize('NFKC')
    .toUpperCase()
    .toLowerCase()
    .normalize('NFKC')
    .replaceAll(/[\u00ad\u200b\u2060\ufeff]/g, '')
    .replaceAll(/\s+/g, ' ')
    .trim();

const letters = (text: string): string => text.normalize('NFC').replaceAll(/\s/g, '').toLowerCase();

/**
 * Normalises a name for comparing. Hangul is decomposed, so that a half-typed syllable is a prefix of the whole one.
 */
function nameForm(text: string): string {
  const leading = (letter: string) => {
    const place = INITIALS.indexOf(letter);
    return place < 0 ? letter : String.fromCharCode(FIRST_LEADING + place);
  };
  return [...letters(text)].map(leading).join('').normalize('NFD');
}

/** Replaces each Hangul syllable by its initial consonant; other letters stay. */
const initialsForm = (text: string): string =>
  [...letters(text)].map((letter) => (/[가-힣]/.test(letter) ? getChoseong(letter) : letter)).join('');

function phoneForm(phone: string): string {
  const digits = phone.replaceAll(/\D/g, '');
  return phone.trim().startsWith('+82') ? digits.replace(/^820*/, '0') : digits;
}

/**
 * Returns true if a text searches by initial consonants, because it contains a consonant that isn't part of a syllable.
 * A single one after the last syllable doesn't count: it may begin the next syllable.
 */
function asksForInitials(text: string): boolean {
  const typed = [...letters(text)];
  const lone = typed.filter((letter) => INITIALS.includes(letter)).length;
  const isJustBegun = /[가-힣][ㄱ-ㅎ]$/.test(typed.join(''));
  return lone > (isJustBegun ? 1 : 0);
}

interface Profile {
  name: string | null;
  phone: string | null;
  card: string | null;
}

/** Returns true if a search text finds a customer; an empty text finds all. */
export function finds(text: string, { name, phone, card }: Profile): boolean {
  if (text.trim() === '') return true;
  const byInitials = asksForInitials(text);
  const form = byInitials ? initialsForm(text) : nameForm(text);
  if ((byInitials ? initialsForm : nameForm)(name ?? '').includes(form)) return true;
  const digits = /^[\d\s\p{Pd}.()+]*$/u.test(text) ? phoneForm(text) : '';
  if (digits !== '' && phoneForm(phone ?? '').includes(digits)) return true;
  return card !== null && cardForm(card) === cardForm(text);
}
