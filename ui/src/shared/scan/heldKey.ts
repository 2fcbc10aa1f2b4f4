import { afterWaitingEvents } from './signals';
import { isModifier } from './strokes';

/** What Space presses. */
const PRESSED_BY_SPACE = 'button, summary, [role="button"], input[type="checkbox"], input[type="radio"]';

interface Held {
  act: () => void;
  timer: ReturnType<typeof setTimeout>;
}

/**
 * Holds back a key that would press the focused button (Space) or choose in the focused list (a letter) until no scan can
 * follow: it may be one of a card's first letters, and its effect can't be taken back.
 */
export class HeldKey {
  #held: Held | null = null;
  #lastLetterAt = Number.NEGATIVE_INFINITY;
  readonly #waitMs: () => number;

  constructor(waitMs: () => number) {
    this.#waitMs = waitMs;
  }

  /** Returns true if the key is held back; it must then reach nothing else. */
  press({ key, repeat, ctrlKey, altKey, metaKey, target, timeStamp }: KeyboardEvent): boolean {
    if (isModifier(key)) return false;
    const isLetter = [...key].length === 1;
    const isFollowing = timeStamp - this.#lastLetterAt <= this.#waitMs();
    if (isLetter) this.#lastLetterAt = timeStamp;
    // Another letter makes a scan likely; any other key comes after the effect.
    if (!isLetter && key !== 'Escape') this.#act();
    else if (!repeat) this.drop();
    if (!isLetter || ctrlKey || altKey || metaKey) return false;
    if (target instanceof HTMLSelectElement) {
      // Only the system's own handling of a lone Space opens the list; open, it would take the keys that follow.
      if (key === ' ') return isFollowing;
      if (!isFollowing && !repeat) this.#hold(() => chooseByLetter(target, key));
      return true;
    }
    if (key !== ' ' || !(target instanceof HTMLElement) || !target.matches(PRESSED_BY_SPACE)) return false;
    if (!repeat) this.#hold(() => target.isConnected && target.click());
    return true;
  }

  /** Returns true if the release belongs to a Space that was held back. */
  release({ key, target }: KeyboardEvent): boolean {
    return key === ' ' && target instanceof HTMLElement && target.matches(PRESSED_BY_SPACE);
  }

  drop(): void {
    clearTimeout(this.#held?.timer);
    this.#held = null;
  }

  #hold(act: () => void): void {
    const timer = setTimeout(
      () => afterWaitingEvents(() => this.#held?.timer === timer && this.#act()),
      this.#waitMs(),
    );
    this.#held = { act, timer };
  }

  #act(): void {
    const held = this.#held;
    this.drop();
    held?.act();
  }
}

/** Chooses the next option whose text begins with the letter, as the web view would. */
function chooseByLetter(select: HTMLSelectElement, letter: string): void {
  if (!select.isConnected || select.disabled) return;
  const options = [...select.options];
  const after = select.selectedIndex + 1;
  const next = [...options.slice(after), ...options.slice(0, after)].find(
    ({ text, disabled }) => !disabled && text.trim().toLowerCase().startsWith(letter.toLowerCase()),
  );
  if (!next || next.selected) return;
  Object.getOwnPropertyDescriptor(HTMLSelectElement.prototype, 'value')?.set?.call(select, next.value);
  select.dispatchEvent(new Event('change', { bubbles: true }));
}
