const INITIALS = [...'ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ'];
const FIRST = 0xac00;
const LAST = 0xd7a3;
const PER_INITIAL = 588;
const PER_VOWEL = 28;

function syllableMatches(written: string, name: string): boolean {
  if (written === name) return true;
  const code = name.charCodeAt(0);
  if (code < FIRST || code > LAST) return false;
  const initial = INITIALS[Math.floor((code - FIRST) / PER_INITIAL)];
  if (written === initial) return true;
  const typed = written.charCodeAt(0);
  // A syllable without its last consonant yet: 기 on the way to 김.
  const open = typed >= FIRST && typed <= LAST && (typed - FIRST) % PER_VOWEL === 0;
  return open && Math.floor((code - FIRST) / PER_VOWEL) === Math.floor((typed - FIRST) / PER_VOWEL);
}

/** Whether a typed text finds a name, by letters or by initial consonants. */
export function nameMatches(typed: string, name: string): boolean {
  const wanted = [...typed.replaceAll(' ', '').toLowerCase()];
  const letters = [...name.replaceAll(' ', '').toLowerCase()];
  for (let start = 0; start + wanted.length <= letters.length; start += 1) {
    if (wanted.every((letter, offset) => syllableMatches(letter, letters[start + offset] ?? ''))) return true;
  }
  return false;
}
