import { getChoseong } from 'es-hangul';

const plain = (text: string) => text.replaceAll(/\s/g, '').toLowerCase();

/** Whether a name has a typed text in it, or its initial consonants have. */
export function matchesName(name: string, text: string): boolean {
  const [within, wanted] = [plain(name), plain(text)];
  return within.includes(wanted) || getChoseong(within).includes(wanted);
}
