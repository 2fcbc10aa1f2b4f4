import { convertHangulToQwerty, getChoseong } from 'es-hangul';

/** The Hangul initial consonants as they are typed, in the order in which NFD's conjoining ones begin at U+1100. */
const INITIALS = [...'ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ'];
const FIRST_LEADING = 0x1100;

const DASHES = /[-\u2010-\u2015\u2212]/gu;
const ACCENTS = /[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]/gu;
/** Letters that Unicode doesn't decompose, as they are typed on a keyboard without them. */
const PLAIN: Record<string, string> = {
  ...{ ø: 'o', ł: 'l', đ: 'd', ð: 'd', ħ: 'h', ı: 'i', ŧ: 't', ß: 'ss', æ: 'ae', œ: 'oe', þ: 'th' },
  ...{ ς: 'σ', '‘': "'", '’': "'", ʼ: "'", '′': "'" },
};

const CARD_MAX = 64;
/** Shorter numbers have no similar ones. */
const SIMILAR_MIN = 3;
const HANGUL = /[ㄱ-ㅣ가-힣]/;
const INVISIBLE =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is taken off.
  // biome-ignore lint/suspicious/noMisleadingCharacterClass: each is taken off alone.
  /[\u0000-\u0008\u000e-\u001f\u007f-\u0084\u0086-\u009f\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff]/g;
/** The prefix by which a scanner names the kind of barcode. */
const AIM = /^\][A-Za-z][0-9A-Za-z]/;

const keysOf = (text: string): string =>
  (HANGUL.test(text) ? convertHangulToQwerty(text) : text).normalize('NFKC').toUpperCase();

/** Returns a scanner's prefix if it can't be the beginning of a card. */
const removable = (prefix: string): string | null => (/^[^\p{L}\p{N}]/u.test(prefix) ? prefix : null);

/**
 * Returns a card's number as it is kept: without invisible characters, spaces at the ends and the scanner's prefixes,
 * and with keys instead of the Hangul that they typed.
 */
export function cardNumber(text: string, prefix = ''): string {
  // Letters of Hangul that stand alone stay as they are: NFKC makes conjoining ones of them.
  const composed = text.normalize('NFC');
  const visible = (HANGUL.test(composed) ? composed : text.normalize('NFKC')).replaceAll(INVISIBLE, '');
  const typed = HANGUL.test(visible) ? keysOf(visible) : visible;
  let bare = ([...typed].length > CARD_MAX ? visible : typed).trim();
  const own = removable(prefix);
  while (true) {
    const rest = own !== null && bare.startsWith(own) ? bare.slice(own.length) : bare.replace(AIM, '');
    const shorter = rest.trimStart();
    if (shorter === '' || shorter === bare) return bare;
    bare = shorter;
  }
}

/** Normalises a card number for comparing. */
export const cardForm = (card: string): string => keysOf(cardNumber(card)).replaceAll(/[\s\p{Pd}]/gu, '');

/** Returns the forms under which a card may be stored: before the scanner's prefix was set, it was a part of them. */
export function storedForms(text: string, prefix: string): string[] {
  const number = cardNumber(text, prefix);
  const own = removable(prefix);
  return [
    cardForm(number),
    cardForm(text),
    ...(own === null || number === '' ? [] : [cardForm(`${own}${number}`)]),
  ];
}

/** Returns true if two forms of cards differ, but only by leading zeros. */
export function areSimilar(form: string, other: string): boolean {
  const bare = (text: string) => text.replace(/^0+(?=.)/, '');
  return form.length >= SIMILAR_MIN && /\d/.test(form) && form !== other && bare(form) === bare(other);
}

/** Returns the digits of a text that may be the ending of a phone number; null for any other text. */
export function phoneEndingOf(text: string): string | null {
  const digits = isPartOfAPhone(text) ? phoneForm(text) : '';
  return digits.length >= 3 && digits.length <= 8 ? digits : null;
}

export const endsWithDigits = (phone: string | null, digits: string): boolean =>
  phoneForm(phone ?? '').endsWith(digits);

/** Normalises the name of an area: names with the same form read alike and are one area. */
export const areaForm = (name: string): string =>
  name
    .normalize('NFKC')
    .toUpperCase()
    .toLowerCase()
    .replaceAll(INVISIBLE, '')
    .normalize('NFKC')
    .replaceAll(/\s+/g, ' ')
    .trim();

/** Returns a name's letters for comparing, composed: without case, width, accents, spaces and invisible characters. */
function letters(text: string): string {
  if (/^[a-z가-힣0-9 ]*$/.test(text)) return text.replaceAll(' ', '');
  const decomposed = [...text]
    .map((letter) =>
      /[\u3131-\u318e]/.test(letter) ? letter : letter.replace(/[´`]/, "'").normalize('NFKD').toLowerCase(),
    )
    .join('')
    .normalize('NFD')
    .replaceAll(/\s/g, '');
  const plain = [...decomposed.replaceAll(INVISIBLE, '').replaceAll(ACCENTS, '').replaceAll(DASHES, '-')]
    .map((letter) => PLAIN[letter] ?? letter)
    .join('');
  const typed = (letter: string) => INITIALS[letter.charCodeAt(0) - FIRST_LEADING] ?? letter;
  return (plain || decomposed).normalize('NFC').replaceAll(/[\u1100-\u1112]/g, typed);
}

/**
 * Normalises a name for comparing. Hangul is decomposed, so that a half-typed syllable is a prefix of the whole one.
 */
export function nameForm(text: string): string {
  const leading = (letter: string) => {
    const place = INITIALS.indexOf(letter);
    return place < 0 ? letter : String.fromCharCode(FIRST_LEADING + place);
  };
  return [...letters(text)].map(leading).join('').normalize('NFD');
}

/** Replaces each Hangul syllable by its initial consonant; other letters stay. */
const initialsForm = (text: string): string =>
  [...letters(text)].map((letter) => (/[가-힣]/.test(letter) ? getChoseong(letter) : letter)).join('');

/** Returns a phone number's digits as they are dialled in Korea. */
export function phoneForm(text: string): string {
  const phone = text.normalize('NFKC').replaceAll(INVISIBLE, '');
  const digits = phone.replaceAll(/[^0-9]/g, '');
  const whole = /^(?:0082(?=\d{9,11}$)|00[12]82(?=\d{9,11}$)|82(?=[1-9]\d{8,9}$)|(?=10\d{8}$))/;
  const country = phone.trimStart().startsWith('+') ? /^82/ : whole;
  return country.test(digits) ? `0${digits.replace(country, '').replace(/^0+/, '')}` : digits;
}

const isPartOfAPhone = (text: string): boolean => {
  const visible = text.normalize('NFKC').replaceAll(INVISIBLE, '');
  return /^[0-9\s\-\u2010-\u2015\u2212.()+/·]*$/u.test(visible) && /[0-9]/.test(visible);
};

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

type Term = (profile: Profile) => boolean;

const hasCard =
  (text: string): Term =>
  ({ card }) =>
    card !== null && cardForm(text) !== '' && cardForm(card) === cardForm(text);

/** A text that the name, its initials, the phone or the card matches. */
function termOf(text: string): Term {
  const form = asksForInitials(text) ? initialsForm : nameForm;
  const [letters, digits] = [form(text), isPartOfAPhone(text) ? phoneForm(text) : ''];
  return (profile) =>
    (letters !== '' && form(profile.name ?? '').includes(letters)) ||
    (digits !== '' && phoneForm(profile.phone ?? '').includes(digits)) ||
    hasCard(text)(profile);
}

const TERMS_MAX = 5;
const says = (text: string): boolean => letters(text) !== '';

function wordsOf(text: string): string[] {
  const words = text.split(/[\s,，、;|]/u);
  return words.flatMap((word) => (isPartOfAPhone(word) ? [word] : word.split(/[/·()]/u))).filter(says);
}

/** Splits a Korean name from the number beside it. */
function nameAndNumber(word: string): string[] {
  if (!/[가-힣ㄱ-ㅎ\u1100-\u1112]/.test(word)) return [word];
  const parts: string[] = [];
  for (const letter of word) {
    const before = parts.at(-1);
    const isNumber = (text: string) => isPartOfAPhone(`0${text}`);
    if (before !== undefined && isNumber(before) === isNumber(letter)) parts[parts.length - 1] += letter;
    else parts.push(letter);
  }
  const isLong = (part: string) => isPartOfAPhone(`0${part}`) && phoneForm(part).length >= 3;
  return parts.some(isLong) ? parts.filter(says) : [word];
}

function joined(words: string[], belong: (before: string, word: string) => boolean): string[] {
  const pieces: string[] = [];
  for (const word of words) {
    const before = pieces.at(-1);
    if (before !== undefined && belong(before, word)) pieces[pieces.length - 1] = `${before} ${word}`;
    else pieces.push(word);
  }
  return pieces;
}

/** Joins the numbers in a row, and the words between numbers if there are too many of them. */
function piecesOf(words: string[]): string[] {
  const pieces = joined(words, (before, word) => isPartOfAPhone(before) && isPartOfAPhone(word));
  return pieces.length > TERMS_MAX
    ? joined(words, (before, word) => isPartOfAPhone(before) === isPartOfAPhone(word))
    : pieces;
}

/** Returns the terms if one number of a row is a card and nothing else. */
function withCard(words: string[], index: number): Term[][] {
  const [word, isNumber] = [words[index] ?? '', (at: number) => isPartOfAPhone(words[at] ?? '')];
  if (!isNumber(index) || !(isNumber(index - 1) || isNumber(index + 1)) || phoneForm(word).length < 4)
    return [];
  return [[hasCard(word), ...piecesOf(words.filter((_, at) => at !== index)).map(termOf)]];
}

/** Returns the condition of a search text; an empty text finds all. */
export function finding(text: string): Term {
  if (!says(text)) return () => true;
  const words = wordsOf(text);
  const splits = [piecesOf(words), piecesOf(words.flatMap(nameAndNumber))].filter(
    ({ length }) => length > 1 && length <= TERMS_MAX,
  );
  const anyOf = [[termOf(text)], ...splits.map((pieces) => pieces.map(termOf))];
  if (words.length <= TERMS_MAX) anyOf.push(...words.flatMap((_, index) => withCard(words, index)));
  return (profile) => anyOf.some((terms) => terms.every((term) => term(profile)));
}
