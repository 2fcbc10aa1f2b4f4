import { afterWaitingEvents } from './signals';
import { isModifier } from './strokes';

/** What Space presses. */
const PRESSED_BY_SPACE = 'button, summary, [role="button"], input[type="checkbox"], input[type="radio"]';

interface Held {
  target: HTMLElement;
  timer: ReturnType<typeof setTimeout>;
}

/**
 * Holds back a Space that would press the focused button until no scan can follow: it may be one of a card's first
 * letters, and a press can't be taken back.
 */
export class HeldSpace {
  #held: Held | null = null;
  readonly #waitMs: () => number;

  constructor(waitMs: () => number) {
    this.#waitMs = waitMs;
  }

  /** Returns true if the key is held back; it must then reach nothing else. */
  press({ key, repeat, ctrlKey, altKey, metaKey, target }: KeyboardEvent): boolean {
    if (isModifier(key)) return false;
    if (key !== ' ') {
      // Another letter makes a scan likely; any other key comes after the press.
      if ([...key].length === 1 || key === 'Escape') this.drop();
      else this.#act();
      return false;
    }
    if (ctrlKey || altKey || metaKey) return false;
    if (!(target instanceof HTMLElement) || !target.matches(PRESSED_BY_SPACE)) return false;
    if (repeat) return true;
    this.drop();
    const timer = setTimeout(
      () => afterWaitingEvents(() => this.#held?.timer === timer && this.#act()),
      this.#waitMs(),
    );
    this.#held = { target, timer };
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

  #act(): void {
    const target = this.#held?.target;
    this.drop();
    if (target?.isConnected) target.click();
  }
}
