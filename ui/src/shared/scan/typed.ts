/**
 * Remembers where something was typed or chosen that a scan would lose: in the open dialog, or in a form of the screen.
 * Search fields (`data-search`) don't count: a scan is a search itself.
 */
let typed = new Set<Element>();

const KEYS_WITHOUT_EFFECT = /^(Escape|Enter|Tab|Shift|Control|Alt|Meta|CapsLock|F\d+)$/;
const DIALOG = '[role="dialog"]';
/** A dialog without any of these holds nothing to lose. */
const HOLDS_INPUT = 'form, input, textarea, [role="radio"]';

/** Notes an event that types or chooses something. Register it for `input`, `keydown` and `pointerdown`. */
export function noteTyping(event: Event): void {
  const target = event.target;
  if (!(target instanceof Element) || target.closest('[data-search]')) return;
  const isInDialog = target.closest(DIALOG) !== null;
  if (event.type !== 'input') {
    if (!isInDialog) return;
    if (event.type === 'keydown' && KEYS_WITHOUT_EFFECT.test((event as KeyboardEvent).key)) return;
  }
  typed.add(target);
}

/** Returns true if something typed or chosen would be lost. */
export function holdsTyped(): boolean {
  for (const element of typed) if (!element.isConnected) typed.delete(element);
  const dialogs = [...document.querySelectorAll(DIALOG)].filter((one) => one.querySelector(HOLDS_INPUT));
  const isDialogOpen = document.querySelector(DIALOG) !== null;
  return [...typed].some((element) =>
    isDialogOpen ? dialogs.some((dialog) => dialog.contains(element)) : true,
  );
}

/** Returns the places noted so far; `forgetTypingSince` goes back to them. */
export const typingSoFar = (): ReadonlySet<Element> => new Set(typed);

/** Forgets what a scan's first letters seemed to type. */
export function forgetTypingSince(before: ReadonlySet<Element>): void {
  typed = new Set(before);
}

/** Forgets everything typed, because it was given up for a scan. */
export function forgetTyping(): void {
  typed = new Set();
}
