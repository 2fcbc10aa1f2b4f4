import { useEffect, useRef } from 'react';
import { isComposing } from './composition';

/** Named as it is told to people: `F2`, `Enter`, `Ctrl K`, `Ctrl Enter`, `Escape`, `?`. */
export type Hotkey = string;

/** What a key does; `false` leaves the key to whoever else wants it. */
export type HotkeyMap = Partial<Record<Hotkey, (event: KeyboardEvent) => unknown>>;

export function nameOfKey(event: KeyboardEvent): Hotkey {
  // By the key's place on the board where a Hangul layout would give a Hangul letter.
  const letter = /^Key([A-Z])$/.exec(event.code)?.[1];
  const digit = /^(?:Digit|Numpad)(\d)$/.exec(event.code)?.[1];
  const key = event.ctrlKey || event.metaKey ? (letter ?? digit ?? event.key) : event.key;
  const name = key.length === 1 ? key.toUpperCase() : key;
  return [event.ctrlKey || event.metaKey ? 'Ctrl' : '', event.altKey ? 'Alt' : '', name]
    .filter(Boolean)
    .join(' ');
}

const findDialog = () => document.querySelector('[role="dialog"][aria-modal="true"]') !== null;

// Asked before anyone else hears of the key: the Escape that closes a dialog must not clear the screen behind
// it as well, though the dialog is gone by then.
let dialogAtPress = false;
window.addEventListener(
  'keydown',
  () => {
    dialogAtPress = findDialog();
  },
  true,
);

/** Whether a dialog is open, or was when the key now being told of was pressed. */
export const isDialogOpen = (): boolean => dialogAtPress || findDialog();

/**
 * Keys of the whole window. They rest while a dialog is open, unless they belong to it (`inDialog`), and
 * while an input method is composing.
 */
export function useHotkeys(keys: HotkeyMap, { inDialog = false, enabled = true } = {}): void {
  const current = useRef(keys);
  useEffect(() => {
    current.current = keys;
  });
  useEffect(() => {
    if (!enabled) return;
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.defaultPrevented || isComposing(event)) return;
      if (!inDialog && isDialogOpen()) return;
      const act = current.current[nameOfKey(event)];
      if (act && act(event) !== false) event.preventDefault();
    };
    window.addEventListener('keydown', onKeyDown);
    return () => window.removeEventListener('keydown', onKeyDown);
  }, [inDialog, enabled]);
}
