import { getChoseong } from 'es-hangul';

/**
 * Returns the range of the name that a typed text matches, by letters or initial consonants; null if it matches the
 * whole name or nothing. Only for display, to draw the rest of the name lighter: the program itself does the search.
 */
export function matchedRange(text: string, name: string): [number, number] | null {
  const wanted = text.trim().toLowerCase();
  if (wanted === '' || wanted.length >= name.length) return null;
  for (let start = 0; start + wanted.length <= name.length; start += 1) {
    const matches = [...wanted].every((letter, offset) => {
      const own = name[start + offset]?.toLowerCase() ?? '';
      return own === letter || getChoseong(own) === letter;
    });
    if (matches) return [start, start + wanted.length];
  }
  return null;
}
