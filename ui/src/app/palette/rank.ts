import { convertHangulToQwerty, convertQwertyToHangul, disassemble, getChoseong } from 'es-hangul';

const HANGUL = /[ㄱ-ㅣ가-힣]/;
const CONSONANTS = /^[ㄱ-ㅎ]+$/;
/** A text of the other keyboard layout ranks behind every match of the text as it stands. */
const OTHER_LAYOUT = 4;

const plain = (text: string) => text.replaceAll(/[\s·›/()-]/g, '').toLowerCase();

/** The text, and what the same keys would have typed in the other keyboard layout. */
function formsOf(text: string): string[] {
  const bare = text.trim();
  const other = HANGUL.test(bare)
    ? convertHangulToQwerty(bare)
    : /[A-Za-z]/.test(bare)
      ? convertQwertyToHangul(bare)
      : bare;
  return other === bare ? [bare] : [bare, other];
}

function rankOfForm(form: string, label: string): number | null {
  const wanted = plain(form);
  if (wanted === '') return null;
  if (CONSONANTS.test(wanted) && getChoseong(plain(label)).includes(wanted)) return 3;
  const [letters, within] = [disassemble(wanted), disassemble(plain(label))];
  if (within.startsWith(letters)) return 0;
  const words = label.split(/[\s·›/()-]+/).map((word) => disassemble(plain(word)));
  if (words.some((word) => word.startsWith(letters))) return 1;
  return within.includes(letters) ? 2 : null;
}

/**
 * How well a typed text means something with these labels: a lower number is better, null means not at all. Labels of
 * both languages, initial consonants, syllables that are still being composed, and keys typed in the other keyboard
 * layout are understood.
 */
export function rankOf(text: string, labels: readonly string[]): number | null {
  const ranks = formsOf(text).flatMap((form, index) =>
    labels.map((label) => {
      const rank = rankOfForm(form, label);
      return rank === null ? null : rank + index * OTHER_LAYOUT;
    }),
  );
  return ranks.reduce((best, rank) => (rank !== null && (best === null || rank < best) ? rank : best), null);
}
