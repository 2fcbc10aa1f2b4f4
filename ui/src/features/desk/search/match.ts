const INITIALS = 'ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ';
const FIRST = 0xac00;
const LAST = 0xd7a3;
const PER_INITIAL = 588;

const initialOf = (letter: string): string => {
  const code = letter.charCodeAt(0);
  return code >= FIRST && code <= LAST ? (INITIALS[Math.floor((code - FIRST) / PER_INITIAL)] ?? '') : '';
};

/**
 * Which part of a name a typed text found, when it is a part only: the rest of the name is then drawn
 * lighter. It decides nothing; finding is the program's work.
 */
export function matchedRange(text: string, name: string): [number, number] | null {
  const wanted = text.trim().toLowerCase();
  if (wanted === '' || wanted.length >= name.length) return null;
  for (let start = 0; start + wanted.length <= name.length; start += 1) {
    const matches = [...wanted].every((letter, offset) => {
      const own = name[start + offset]?.toLowerCase() ?? '';
      return own === letter || initialOf(own) === letter;
    });
    if (matches) return [start, start + wanted.length];
  }
  return null;
}
