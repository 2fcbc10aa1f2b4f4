const FIRST = 0xac00;
const LAST = 0xd7a3;
const VOWELS = 21;
const FINALS = 28;

/** Latin keys under the Hangul letters of a two-set (두벌식) keyboard, in the order Unicode composes them. */
const initialKeys = 'r R s e E f a q Q t T d w W c z x v g'.split(' ');
const vowelKeys = 'k o i O j p u P h hk ho hl y n nj np nl b m ml l'.split(' ');
const finalKeys = ' r R rt s sw sg e f fr fa fq ft fx fv fg a q qt t T d w c z x v g'.split(' ');
const letters =
  'ㄱㄲㄳㄴㄵㄶㄷㄸㄹㄺㄻㄼㄽㄾㄿㅀㅁㅂㅃㅄㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎㅏㅐㅑㅒㅓㅔㅕㅖㅗㅘㅙㅚㅛㅜㅝㅞㅟㅠㅡㅢㅣ';
const letterKeys =
  'r R rt s sw sg e E f fr fa fq ft fx fv fg a q Q qt t T d w W c z x v g k o i O j p u P h hk ho hl y n nj np nl b m ml l'.split(
    ' ',
  );

function keysOf(letter: string): string {
  const code = letter.charCodeAt(0);
  if (code >= FIRST && code <= LAST) {
    const index = code - FIRST;
    const initial = initialKeys[Math.floor(index / (VOWELS * FINALS))] ?? '';
    const vowel = vowelKeys[Math.floor(index / FINALS) % VOWELS] ?? '';
    return initial + vowel + (finalKeys[index % FINALS] ?? '');
  }
  const single = letters.indexOf(letter);
  return single >= 0 ? (letterKeys[single] ?? letter) : letter;
}

/**
 * What a scanner meant that typed a card number while the keyboard was set to Hangul: `ㅜㄴ-2204` is
 * `NS-2204`. Null where nothing suggests it.
 */
export function cardTypedInHangul(text: string): string | null {
  if (!/[ㄱ-ㅣ가-힣]/.test(text) || !/\d/.test(text)) return null;
  return [...text].map(keysOf).join('').toUpperCase();
}
