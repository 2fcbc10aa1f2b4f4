/** The part of a keyboard event that the detector of scans reads. */
export type Stroke = Pick<
  KeyboardEvent,
  'key' | 'code' | 'keyCode' | 'timeStamp' | 'repeat' | 'shiftKey' | 'ctrlKey' | 'altKey' | 'metaKey'
>;

const MODIFIERS = new Set([
  'Shift',
  'Control',
  'Alt',
  'Meta',
  'AltGraph',
  'CapsLock',
  'NumLock',
  'HangulMode',
  'HanjaMode',
]);

export const isModifier = (key: string): boolean => MODIFIERS.has(key);

/** Enter, Tab, or the line feed of a scanner. */
export const isEnd = ({ key, shiftKey }: Stroke): boolean =>
  key === 'Enter' || key === '\n' || (key === 'Tab' && !shiftKey);

/** Ctrl with J (LF), M (CR) or ] (GS), as some scanners send these characters. */
export const isScanChord = ({ ctrlKey, code }: Stroke): boolean =>
  ctrlKey && (code === 'KeyJ' || code === 'KeyM' || code === 'BracketRight');

/** The character that a plain key press types; null for other keys. */
export const letterOf = ({ key }: Stroke): string | null => ([...key].length === 1 ? key : null);

const SYMBOLS: Record<string, string> = {
  Minus: '-_',
  Equal: '=+',
  BracketLeft: '[{',
  BracketRight: ']}',
  Backslash: '\\|',
  Semicolon: ';:',
  Quote: '\'"',
  Backquote: '`~',
  Comma: ',<',
  Period: '.>',
  Slash: '/?',
  Space: '  ',
};
const SHIFTED_DIGITS = ')!@#$%^&*(';

/** The character of a key by its place on a Latin keyboard; null for keys that type nothing. */
export function letterOfCode({ code, shiftKey }: Pick<Stroke, 'code' | 'shiftKey'>): string | null {
  const letter = /^Key([A-Z])$/.exec(code)?.[1];
  if (letter) return shiftKey ? letter : letter.toLowerCase();
  const digit = /^Digit(\d)$/.exec(code)?.[1];
  if (digit) return shiftKey ? (SHIFTED_DIGITS[Number(digit)] ?? null) : digit;
  return /^Numpad(\d)$/.exec(code)?.[1] ?? SYMBOLS[code]?.[shiftKey ? 1 : 0] ?? null;
}

/** A scanner releases Shift with its letter; a loaded system reports Shift at most this long before. */
const SHIFT_AHEAD_MS = 100;

/** Reads letters from the releases of keys, the only place where an input method shows which key it was. */
export class ReleasedLetters {
  #shiftUpAt = Number.NEGATIVE_INFINITY;
  /** Shift is down, and a letter was released under it. */
  #isShiftUsed = false;
  /** Shift was released before the letter that it was pressed for. */
  #isShiftOwed = false;

  /** Returns the letter of a released key; null for keys that type nothing. */
  read({ key, code, shiftKey, timeStamp }: Stroke): string | null {
    if (key === 'Shift') {
      this.#shiftUpAt = timeStamp;
      this.#isShiftOwed = !this.#isShiftUsed;
      this.#isShiftUsed = false;
      return null;
    }
    const isOwed = this.#isShiftOwed && timeStamp - this.#shiftUpAt <= SHIFT_AHEAD_MS;
    this.#isShiftOwed = false;
    this.#isShiftUsed = shiftKey && timeStamp > this.#shiftUpAt;
    return letterOfCode({ code, shiftKey: shiftKey || isOwed });
  }
}
