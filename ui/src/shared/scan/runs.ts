import type { ScannerSetting } from '../../backend';
import { isEnd, isModifier, isScanChord, letterOf, ReleasedLetters, type Stroke } from './strokes';

/** Fewer keys are never a scan: `60` is an amount, `123` an area. */
export const SCAN_KEYS_MIN = 4;
/** The largest median gap between the keys of a scan while no slower scanner is set. */
export const DEFAULT_PACE_MS = 50;
/** What a run without digits needs while Hangul is typed. */
const COMPOSED_KEYS_MIN = 6;
const COMPOSED_PACE_MS = 35;
/** A gap above twice the pace is a stall of the scanner or of the system; a scan has at most this many. */
const STALLS_MAX = 2;
/** A rest this long begins a new run. */
const REST_MS = 500;
/** How long a run that is already a scan waits for its next key, because a loaded system stalls the sender. */
export const SCAN_REST_MS = 2_000;
/** Enter or Tab within this time after the last letter belongs to the scan. */
const SUFFIX_MS = 500;
/** Within this time after a scan, a second Enter is part of the scan (CR LF) or a bouncing key. */
const SECOND_ENTER_MS = 1_000;
/** A second Enter this soon is the LF of a scanner that sends CR LF. */
const LINE_FEED_MS = 150;

/** How this terminal's scanner types; a slow run counts as a scan only with its prefix. */
export type ScannerSettings = ScannerSetting;

export const DEFAULT_SCANNER: ScannerSettings = { paceMs: DEFAULT_PACE_MS, prefix: '' };

/** What one key press or release is to the scan. */
export interface Seen {
  /** The key begins a run: what the focused field holds now is what it held before a possible scan. */
  begins: boolean;
  /** The run has just become a scan. */
  becomesScan: boolean;
  /** The key belongs to a scan and must reach nothing else. */
  isOfScan: boolean;
  /** The scans that ended with or before this key. */
  ended: FinishedRun[];
  /** A second Enter after a scan, later than a line feed. */
  isSecondEnter: boolean;
}

export interface FinishedRun {
  text: string;
  /** The time stamps of the first and the last letter. */
  from: number;
  to: number;
  /** An input method was composing, so the focused field may still hold a composition. */
  isComposed: boolean;
  /** The scan ended by Enter or Tab. */
  hasSuffix: boolean;
}

interface Letter {
  at: number;
  letter: string;
  code: string;
}

/**
 * Tells the keys of a barcode scanner from those of a hand, by the differences of the events' time stamps alone: these
 * stay right while the page is busy, but don't compare with `performance.now()`.
 *
 * An input method hides what was pressed (keyCode 229), but each key's release still names the key. So the letters of a
 * scan don't depend on the keyboard's language.
 */
export class RunDetector {
  #letters: Letter[] = [];
  #isScan = false;
  #isForeign = false;
  #isComposed = false;
  #isReleased = true;
  /** Keys whose press named them; their release says nothing new. */
  readonly #named = new Set<string>();
  readonly #released = new ReleasedLetters();
  #last: { to: number; suffixAt: number | null } | null = null;
  /** Whether the last scan ended by a suffix: only then is it worth waiting for one. */
  #expectsSuffix = false;
  settings: ScannerSettings;

  constructor(settings: ScannerSettings = DEFAULT_SCANNER) {
    this.settings = settings;
  }

  get isScanning(): boolean {
    return this.#isScan;
  }

  /** How long to wait after the last letter before the scan counts as ended without a suffix. */
  get restMs(): number {
    return this.#expectsSuffix ? SCAN_REST_MS : REST_MS + 100;
  }

  press(stroke: Stroke): Seen {
    const seen = nothing();
    if (stroke.keyCode !== 229) this.#named.add(stroke.code);
    if (stroke.repeat || isModifier(stroke.key)) return { ...seen, isOfScan: stroke.repeat && this.#isScan };
    if (stroke.ctrlKey || stroke.altKey || stroke.metaKey) return this.#pressChord(stroke, seen);
    if (stroke.keyCode === 229) {
      seen.begins = this.#beginIfRested(stroke.timeStamp, seen);
      this.#isComposed = true;
      return seen;
    }
    if (isEnd(stroke)) return this.#pressEnd(stroke, seen);
    const letter = letterOf(stroke);
    if (letter === null) {
      seen.ended.push(...this.end());
      // Whoever has pressed another key means the next Enter.
      this.#last = null;
      return seen;
    }
    return this.#add({ at: stroke.timeStamp, letter, code: stroke.code }, seen);
  }

  release(stroke: Stroke): Seen {
    const seen = nothing();
    if (this.#letters.at(-1)?.code === stroke.code) this.#isReleased = true;
    const letter = this.#released.read(stroke);
    if (this.#named.delete(stroke.code) || letter === null) return seen;
    // A slow input method passes on a letter of the last scan after its suffix: it begins no run, and LF follows still.
    if (this.#letters.length === 0 && stroke.timeStamp < (this.#last?.suffixAt ?? Number.NEGATIVE_INFINITY)) {
      this.#isComposed = false;
      return seen;
    }
    // The input method has the key's press: a slow one passes it on only after the release, or never.
    const begins = !this.#isComposed && this.#letters.length === 0;
    this.#isComposed = true;
    seen.begins = begins;
    return this.#add({ at: stroke.timeStamp, letter, code: stroke.code }, seen);
  }

  /** Ends the run, because of another key, a click, or a rest; returns its scan, if it is one. */
  end(hasSuffix = false): FinishedRun[] {
    const letters = this.#letters;
    const [first, last] = [letters[0], letters.at(-1)];
    const isScan = this.#isScan;
    const isComposed = this.#isComposed;
    this.#letters = [];
    this.#isScan = false;
    this.#isForeign = false;
    this.#isComposed = false;
    this.#isReleased = true;
    if (!isScan || !first || !last) return [];
    this.#expectsSuffix = hasSuffix;
    this.#last = { to: last.at, suffixAt: null };
    return [{ text: textOf(letters), from: first.at, to: last.at, isComposed, hasSuffix }];
  }

  /** Forgets which keys are down, because their releases may go to another window. */
  loseFocus(): void {
    this.#named.clear();
  }

  #pressEnd({ timeStamp, key }: Stroke, seen: Seen): Seen {
    if (this.#isScan) {
      const isSuffix = timeStamp - (this.#letters.at(-1)?.at ?? 0) <= SUFFIX_MS;
      seen.ended.push(...this.end(isSuffix));
      if (!isSuffix) return seen;
      if (this.#last) this.#last.suffixAt = timeStamp;
      return { ...seen, isOfScan: true };
    }
    const last = this.#last;
    // The rest has ended the scan already, but by the stamps this is its suffix: the page was busy.
    if (last?.suffixAt === null && timeStamp - last.to <= SUFFIX_MS && this.#letters.length === 0) {
      last.suffixAt = timeStamp;
      this.#expectsSuffix = true;
      return { ...seen, isOfScan: true };
    }
    const since = last?.suffixAt == null ? Number.POSITIVE_INFINITY : timeStamp - last.suffixAt;
    const isTypedSince = this.#letters.length > 0;
    this.end();
    if (isTypedSince || since > (key === 'Tab' ? LINE_FEED_MS : SECOND_ENTER_MS)) return seen;
    return { ...seen, isOfScan: true, isSecondEnter: since > LINE_FEED_MS };
  }

  #pressChord(stroke: Stroke, seen: Seen): Seen {
    // Some scanners send CR, LF and group separators as Ctrl with a letter.
    if (isScanChord(stroke) && (this.#isScan || this.#last?.suffixAt != null)) {
      if (stroke.code !== 'BracketRight') {
        return this.#pressEnd({ ...stroke, key: 'Enter', ctrlKey: false }, seen);
      }
      if (this.#isScan) return { ...seen, isOfScan: true };
    }
    seen.ended.push(...this.end());
    this.#last = null;
    return seen;
  }

  #beginIfRested(at: number, seen: Seen): boolean {
    const last = this.#letters.at(-1);
    if (!last) return !this.#isComposed;
    if (at - last.at <= (this.#isScan ? SCAN_REST_MS : REST_MS)) return false;
    seen.ended.push(...this.end());
    return true;
  }

  #add(next: Letter, seen: Seen): Seen {
    const isComposed = this.#isComposed;
    if (this.#beginIfRested(next.at, seen)) {
      seen.begins = true;
      this.#isComposed = isComposed;
    }
    // Some systems don't mark the repeats of a key held down.
    if (!this.#isReleased && this.#letters.at(-1)?.code === next.code) {
      return { ...seen, isOfScan: this.#isScan };
    }
    this.#isReleased = isComposed;
    // On a loaded system an input method passes on releases out of order, but their stamps are right.
    const after = this.#letters.findLastIndex(({ at }) => at <= next.at);
    this.#letters.splice(after + 1, 0, next);
    this.#isForeign ||= !/^[\x20-\x7e]$/.test(next.letter);
    if (!this.#isScan && this.#qualifies()) {
      this.#isScan = true;
      seen.becomesScan = true;
    }
    seen.isOfScan = this.#isScan;
    return seen;
  }

  #qualifies(): boolean {
    if (this.#isForeign || this.#letters.length < SCAN_KEYS_MIN) return false;
    if (this.#isComposed && !this.#isPlainlyScanned()) return false;
    const gaps = gapsOf(this.#letters);
    if (isAtPace(gaps, DEFAULT_PACE_MS)) return true;
    const { paceMs, prefix } = this.settings;
    return paceMs > DEFAULT_PACE_MS && textOf(this.#letters).startsWith(prefix) && isAtPace(gaps, paceMs);
  }

  /** Two hands release the keys of a Hangul word close together, so a run of letters alone must be quicker still. */
  #isPlainlyScanned(): boolean {
    const letters = this.#letters;
    if (letters.some(({ letter }) => /\d/.test(letter))) return true;
    return letters.length >= COMPOSED_KEYS_MIN && isAtPace(gapsOf(letters), COMPOSED_PACE_MS);
  }
}

const textOf = (letters: readonly Letter[]): string => letters.map(({ letter }) => letter).join('');
export const gapsOf = (letters: readonly Pick<Letter, 'at'>[]): number[] =>
  letters.slice(1).map(({ at }, index) => at - (letters[index]?.at ?? at));

const nothing = (): Seen => ({
  begins: false,
  becomesScan: false,
  isOfScan: false,
  ended: [],
  isSecondEnter: false,
});

export function medianOf(gaps: readonly number[]): number {
  const sorted = [...gaps].sort((a, b) => a - b);
  return sorted[Math.floor((sorted.length - 1) / 2)] ?? Number.POSITIVE_INFINITY;
}

function isAtPace(gaps: readonly number[], paceMs: number): boolean {
  return medianOf(gaps) <= paceMs && gaps.filter((gap) => gap > 2 * paceMs).length <= STALLS_MAX;
}
