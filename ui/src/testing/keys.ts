import { act } from '@testing-library/react';

/** The time stamp of the next key. Only differences mean anything, as in the web view. */
let now = 1_000_000;

/** A hand's gap between two keys (ms), for keys without a time stamp of their own. */
const HAND_GAP_MS = 150;

/**
 * Gives every keyboard event a time stamp as if a hand had pressed the key: user-event types within microseconds, like no
 * hand and no scanner.
 */
export function typeByHand(): void {
  const stamps = new WeakMap<Event, number>();
  Object.defineProperty(KeyboardEvent.prototype, 'timeStamp', {
    configurable: true,
    get(this: KeyboardEvent) {
      let stamp = stamps.get(this);
      if (stamp === undefined) {
        if (this.type === 'keydown') now += HAND_GAP_MS;
        stamp = now;
        stamps.set(this, stamp);
      }
      return stamp;
    },
  });
}

/** Lets time pass between two keys, by their stamps only. */
export function rest(ms: number): void {
  now += ms;
}

interface Key {
  key: string;
  code: string;
  shiftKey?: boolean;
}

const NAMED: Record<string, string> = { '-': 'Minus', ']': 'BracketRight', ' ': 'Space', '~': 'Backquote' };

function keyOf(letter: string): Key {
  if (/[a-z]/i.test(letter)) {
    return { key: letter, code: `Key${letter.toUpperCase()}`, shiftKey: letter !== letter.toLowerCase() };
  }
  if (/\d/.test(letter)) return { key: letter, code: `Digit${letter}` };
  return { key: letter, code: NAMED[letter] ?? letter };
}

function send(type: 'keydown' | 'keyup', init: KeyboardEventInit, stamp: number): boolean {
  const target = document.activeElement ?? document.body;
  const event = new KeyboardEvent(type, { bubbles: true, cancelable: true, ...init });
  Object.defineProperty(event, 'timeStamp', { value: stamp });
  return target.dispatchEvent(event);
}

/** Does what a browser does with a key that nobody prevented: types, submits, moves the cursor. */
function perform({ key }: Key): void {
  const target = document.activeElement;
  if (key === 'Enter') {
    if (target instanceof HTMLButtonElement) target.click();
    else if (target instanceof HTMLInputElement) target.form?.requestSubmit();
    return;
  }
  if (key === ' ' && target instanceof HTMLButtonElement) target.click();
  if (key === 'Tab' || [...key].length !== 1) return;
  if (target instanceof HTMLInputElement && !target.readOnly) write(target, key);
  if (target instanceof HTMLSelectElement) chooseByLetter(target, key);
}

/** A letter chooses the first option that begins with it. */
function chooseByLetter(select: HTMLSelectElement, letter: string): void {
  const option = [...select.options].find(({ text }) => text.startsWith(letter));
  if (!option) return;
  Object.getOwnPropertyDescriptor(HTMLSelectElement.prototype, 'value')?.set?.call(select, option.value);
  select.dispatchEvent(new Event('change', { bubbles: true }));
}

function write(field: HTMLInputElement, text: string): void {
  const [start, end] = [field.selectionStart ?? field.value.length, field.selectionEnd ?? field.value.length];
  const value = field.value.slice(0, start) + text + field.value.slice(end);
  Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value')?.set?.call(field, value);
  field.dispatchEvent(new InputEvent('input', { bubbles: true, data: text }));
}

/** Presses one key `after` milliseconds after the key before. */
export function press(
  key: string,
  { after = HAND_GAP_MS, ...more }: { after?: number } & KeyboardEventInit = {},
) {
  now += after;
  const at = now;
  act(() => {
    const one = { ...([...key].length === 1 ? keyOf(key) : { key, code: key }), ...more };
    if (send('keydown', one, at)) perform(one);
    send('keyup', one, at + 1);
  });
}

export interface Scanning {
  gapMs?: number;
  /** What the scanner sends after the letters. */
  suffix?: readonly string[];
  /** An input method hides the letters, as WebKitGTK with ibus-hangul does. */
  hangul?: boolean;
}

/** Scans a card as a scanner does: each letter as key events with time stamps, then the suffix. */
export function scan(text: string, { gapMs = 8, suffix = ['Enter'], hangul = false }: Scanning = {}): void {
  // A scan is no continuation of what came before.
  now += 600;
  for (const letter of text) {
    if (hangul && /[a-z]/i.test(letter)) composeLetter(letter, gapMs);
    else press(letter, { after: gapMs });
  }
  for (const key of suffix) press(key, { after: gapMs });
}

/** A letter while Hangul is on: key presses that say nothing, a jamo in the field, and a release that names the key. */
function composeLetter(letter: string, gapMs: number): void {
  now += gapMs;
  act(() => {
    const hidden = { key: 'Unidentified', code: 'Unidentified', keyCode: 229 };
    send('keydown', hidden, now);
    if (document.activeElement instanceof HTMLInputElement) write(document.activeElement, 'ㅜ');
    send('keydown', hidden, now);
    send('keyup', keyOf(letter), now + 1);
  });
}
