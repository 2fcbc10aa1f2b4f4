import { useEffect, useRef } from 'react';
import { isComposing } from './inputMethod';
import { actOfKey, type KeyAct } from './keys/bindings';
import { type Layer, topLayer } from './layers';

/** A key's name as it is displayed: `F2`, `Enter`, `Ctrl K`, `Ctrl Enter`, `Escape`, `?`. */
export type Hotkey = string;

/**
 * Handlers by key, or by the act that has its key at this terminal; a handler that returns `false` doesn't consume the key.
 */
export type HotkeyMap = Partial<Record<Hotkey | KeyAct, (event: KeyboardEvent) => unknown>>;

/** Returns the name of the key that was pressed. */
export function nameOfKey(event: KeyboardEvent): Hotkey {
  // With Ctrl or Alt, use the physical key, because a Hangul keyboard layout gives a Hangul letter.
  const letter = /^Key([A-Z])$/.exec(event.code)?.[1];
  const digit = /^(?:Digit|Numpad)(\d)$/.exec(event.code)?.[1];
  const key = event.ctrlKey || event.metaKey || event.altKey ? (letter ?? digit ?? event.key) : event.key;
  const name = key.length === 1 ? key.toUpperCase() : key;
  return [event.ctrlKey || event.metaKey ? 'Ctrl' : '', event.altKey ? 'Alt' : '', name]
    .filter(Boolean)
    .join(' ');
}

/** While a question about a scan is open, it alone has keys: a dialog below it must not take its Enter. */
const isScanQuestionOpen = () =>
  document.querySelector('[data-testid="scan-question"] [role="dialog"]') !== null;

const findDialog = () => document.querySelector('[role="dialog"][aria-modal="true"]') !== null;

// Remember at each key press, before other handlers run (capture phase), if a dialog is open. Otherwise the Escape that
// closes a dialog would also clear the screen behind it, because the dialog is gone when the screen's handler runs.
let dialogAtPress = false;
/** What Escape does in the layer above all dialogs. */
const escapes: { layer: Layer; run: () => void }[] = [];
window.addEventListener(
  'keydown',
  (event) => {
    dialogAtPress = findDialog();
    const layer = topLayer();
    // Dialogs below that layer would close with Escape, so they must not see the key.
    if (event.key !== 'Escape' || !layer || isComposing(event) || isScanQuestionOpen()) return;
    event.stopImmediatePropagation();
    event.preventDefault();
    escapes.findLast((one) => one.layer === layer)?.run();
  },
  true,
);

/** Does something with Escape on the lock screen or in an approval; of several, the latest one. */
export function useTopEscape(layer: Layer, onEscape: () => void, enabled = true): void {
  const current = useRef(onEscape);
  useEffect(() => {
    current.current = onEscape;
  });
  useEffect(() => {
    if (!enabled) return;
    const own = { layer, run: () => current.current() };
    escapes.push(own);
    return () => {
      escapes.splice(escapes.indexOf(own), 1);
    };
  }, [enabled, layer]);
}

/**
 * Returns true if a dialog is open, or was open when the current key was pressed. The lock screen counts as one.
 */
export const isDialogOpen = (): boolean => topLayer() !== undefined || dialogAtPress || findDialog();

interface HotkeyOptions {
  inDialog?: boolean;
  enabled?: boolean;
  layer?: Layer | undefined;
}

/**
 * Registers hotkeys for the whole window. They are ignored while an input method is composing. While a dialog is open,
 * only the dialog's own hotkeys (`inDialog`) work; on the lock screen and in an approval, only those of that `layer`.
 */
export function useHotkeys(
  keys: HotkeyMap,
  { inDialog = false, enabled = true, layer }: HotkeyOptions = {},
): void {
  const current = useRef(keys);
  useEffect(() => {
    current.current = keys;
  });
  useEffect(() => {
    if (!enabled) return;
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.defaultPrevented || isComposing(event) || isScanQuestionOpen()) return;
      if (topLayer() !== layer || (!layer && !inDialog && isDialogOpen())) return;
      const key = nameOfKey(event);
      const act = current.current[actOfKey(key) ?? key] ?? current.current[key];
      if (act && act(event) !== false) event.preventDefault();
    };
    window.addEventListener('keydown', onKeyDown);
    return () => window.removeEventListener('keydown', onKeyDown);
  }, [inDialog, enabled, layer]);
}
