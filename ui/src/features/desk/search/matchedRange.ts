import { getChoseong } from 'es-hangul';

const plain = (letter: string): string => letter.normalize('NFD').replaceAll(/\p{M}/gu, '').toLowerCase();

/**
 * Returns the range of the name that a typed text matches, as a whole or by one of its words, by letters or initial
 * consonants; null if it matches the whole name or nothing. Only for display, to draw the rest of the name lighter: the
 * program itself does the search.
 */
export function matchedRange(text: string, name: string): [number, number] | null {
  for (const term of [text.trim(), ...text.split(/\s+/)]) {
    const range = rangeOf(term, name);
    if (range) return range;
  }
  return null;
}

function rangeOf(text: string, name: string): [number, number] | null {
  const wanted = [...text].map(plain);
  if (wanted.length === 0 || wanted.length >= name.length) return null;
  for (let start = 0; start + wanted.length <= name.length; start += 1) {
    const matches = wanted.every((letter, offset) => {
      const own = plain(name[start + offset] ?? '');
      return own === letter || getChoseong(name[start + offset] ?? '') === text[offset];
    });
    if (matches) return [start, start + wanted.length];
  }
  return null;
}
