import { gapsOf, medianOf } from '../../shared/scan/runs';
import { ReleasedLetters, type Stroke } from '../../shared/scan/strokes';

/** A rest that ends a trial without Enter. */
export const TRIAL_REST_MS = 1_000;
/** The last letter may be released only after Enter is pressed. */
const RELEASED_AFTER_END_MS = 5;

export interface Measured {
  text: string;
  /** The median time between two letters. */
  gapMs: number;
}

/**
 * What a scanner types in a trial, by the releases of its keys, which Hangul input doesn't hide. Only time stamps decide
 * which letters belong together: an input method may pass on a key more than a second late, so a timer that calls
 * `rest` in between doesn't separate them.
 */
export class Trial {
  #letters: { at: number; letter: string }[] = [];
  /** Letters released after this time stamp begin another trial. */
  #endsAt = Number.NEGATIVE_INFINITY;
  #isEnded = false;
  readonly #released = new ReleasedLetters();

  /** Returns whether the released key typed a letter. */
  release(stroke: Stroke): boolean {
    const letter = this.#released.read(stroke);
    if (letter === null) return false;
    const at = stroke.timeStamp;
    if (at > this.#endsAt) {
      this.#letters = [];
      this.#isEnded = false;
    }
    const after = this.#letters.findLastIndex((one) => one.at <= at);
    this.#letters.splice(after + 1, 0, { at, letter });
    if (!this.#isEnded) this.#endsAt = (this.#letters.at(-1)?.at ?? at) + TRIAL_REST_MS;
    return true;
  }

  /** Ends the trial by Enter or Tab; returns false if the key came after it. */
  end({ timeStamp }: Stroke): boolean {
    if (this.#isEnded || timeStamp > this.#endsAt) return false;
    this.#isEnded = true;
    this.#endsAt = timeStamp + RELEASED_AFTER_END_MS;
    return true;
  }

  /** Returns what has been typed so far. */
  measure(): Measured {
    const text = this.#letters.map(({ letter }) => letter).join('');
    return { text, gapMs: medianOf(gapsOf(this.#letters)) };
  }
}
