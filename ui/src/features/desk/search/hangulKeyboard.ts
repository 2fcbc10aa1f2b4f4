import { convertHangulToQwerty } from 'es-hangul';

/**
 * Recovers a card number that a scanner typed while the keyboard was set to Hangul: `ㅜㄴ-2204` is `NS-2204`.
 * Returns null unless the text has both Hangul and a digit.
 */
export function cardTypedInHangul(text: string): string | null {
  if (!/[ㄱ-ㅣ가-힣]/.test(text) || !/\d/.test(text)) return null;
  return convertHangulToQwerty(text).toUpperCase();
}
