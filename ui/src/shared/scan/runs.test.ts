import { describe, expect, it } from 'vitest';
import { DEFAULT_SCANNER, type FinishedRun, RunDetector, type ScannerSettings } from './runs';
import type { Stroke } from './strokes';

const CARD = 'NS-2204';

/** A keyboard with a clock of its own; collects what the detector finds. */
class Keyboard {
  at = 5_000;
  readonly ended: FinishedRun[] = [];
  secondEnters = 0;
  readonly detector: RunDetector;

  constructor(settings: ScannerSettings = DEFAULT_SCANNER) {
    this.detector = new RunDetector(settings);
  }

  #send(type: 'press' | 'release', key: string, more: Partial<Stroke> = {}) {
    const code = /^[a-z]$/i.test(key) ? `Key${key.toUpperCase()}` : /^\d$/.test(key) ? `Digit${key}` : key;
    const stroke: Stroke = {
      key,
      code,
      keyCode: 0,
      timeStamp: this.at,
      repeat: false,
      shiftKey: /^[A-Z]$/.test(key),
      ctrlKey: false,
      altKey: false,
      metaKey: false,
      ...more,
    };
    const seen = this.detector[type](stroke);
    this.ended.push(...seen.ended);
    if (seen.isSecondEnter) this.secondEnters += 1;
    return seen;
  }

  key(key: string, gapMs: number, more: Partial<Stroke> = {}) {
    this.at += gapMs;
    const seen = this.#send('press', key, more);
    this.#send('release', key, more);
    return seen;
  }

  hiddenKey(key: string, gapMs: number) {
    this.at += gapMs;
    const hidden = { key: 'Unidentified', code: 'Unidentified', keyCode: 229 };
    this.#send('press', key, hidden);
    this.#send('press', key, hidden);
    return this.#send('release', key);
  }

  type(text: string, gapMs: number, hangul = false) {
    for (const letter of text) {
      if (hangul && /[a-z]/i.test(letter)) this.hiddenKey(letter, gapMs);
      else this.key(letter, gapMs);
    }
    return this;
  }

  texts = () => this.ended.map(({ text }) => text);
}

/** A key event as `npm run scans` prints it: `down Shift ShiftLeft 16 shift 355`. */
function strokeOf(line: string): Stroke {
  const [, key = '', code = '', keyCode, modifier, at] =
    /^(?:down|up) (\S+) (\S+) (\d+)(?: (shift|ctrl))? (\d+)$/.exec(line) ?? [];
  const [shiftKey, ctrlKey] = [modifier === 'shift', modifier === 'ctrl'];
  const timeStamp = Number(at);
  return {
    ...{ key, code, keyCode: Number(keyCode), timeStamp, shiftKey, ctrlKey },
    ...{ repeat: false, altKey: false, metaKey: false },
  };
}

/** What the detector reads from key events in the order in which a web view delivered them. */
function replayed(lines: string[]): string[] {
  const detector = new RunDetector();
  const ended = lines.flatMap(
    (line) => detector[line.startsWith('down') ? 'press' : 'release'](strokeOf(line)).ended,
  );
  return [...ended, ...detector.end()].map(({ text }) => text);
}

describe('a scan', () => {
  for (const gapMs of [1, 8, 30, 50]) {
    it.each([
      ['CR', ['Enter']],
      ['CR LF', ['Enter', '\n']],
      ['CR LF as two Enters', ['Enter', 'Enter']],
      ['Tab', ['Tab']],
    ])(`is found at ${gapMs} ms with %s, which reaches nothing`, (_, suffix) => {
      const keyboard = new Keyboard().type(CARD, gapMs);
      for (const key of suffix) expect(keyboard.key(key, gapMs).isOfScan).toBe(true);
      expect(keyboard.texts()).toEqual([CARD]);
      expect(keyboard.secondEnters).toBe(0);
    });

    it(`is found at ${gapMs} ms without a suffix, when it rests`, () => {
      const { detector } = new Keyboard().type(CARD, gapMs);
      expect(detector.end()).toMatchObject([{ text: CARD, hasSuffix: false }]);
    });
  }

  it('is the same while Hangul is on', () => {
    for (const gapMs of [8, 30]) {
      const keyboard = new Keyboard().type('GKSRKwk8rk', gapMs, true);
      keyboard.key('Enter', gapMs);
      expect(keyboard.texts()).toEqual(['GKSRKwk8rk']);
      expect(keyboard.ended[0]?.isComposed).toBe(true);
    }
  });

  it('keeps its capitals while Hangul is on, though Shift is released first', () => {
    const keys = [
      ...['down Shift ShiftLeft 16 shift 355', 'down Unidentified Unidentified 229 380'],
      ...['up Shift ShiftLeft 16 shift 360', 'up n KeyN 78 360', 'down Shift ShiftLeft 16 shift 364'],
      ...['down Unidentified Unidentified 229 380', 'down Unidentified Unidentified 229 381'],
      ...['up Shift ShiftLeft 16 shift 368', 'up s KeyS 83 369', 'up x KeyX 88 377', 'up y KeyY 89 386'],
      ...['down 2 Digit2 50 390', 'up 2 Digit2 50 394', 'down 0 Digit0 48 399', 'up 0 Digit0 48 403'],
    ];
    expect(replayed(keys)).toEqual(['NSxy20']);
  });

  it('keeps its capitals though a loaded system reports Shift long before its letter', () => {
    const keys = [
      ...['down Shift ShiftLeft 16 shift 100', 'down Unidentified Unidentified 229 101'],
      ...['up Shift ShiftLeft 16 shift 102', 'up n KeyN 78 130', 'up s KeyS 83 140'],
      ...['down 2 Digit2 50 150', 'up 2 Digit2 50 151', 'down 0 Digit0 48 159', 'up 0 Digit0 48 160'],
    ];
    expect(replayed(keys)).toEqual(['Ns20']);
  });

  it('keeps the letter after a capital small, though Shift has just been released', () => {
    const keys = [
      ...['down Shift ShiftLeft 16 shift 100', 'down Unidentified Unidentified 229 101'],
      ...['up N KeyN 78 shift 102', 'up Shift ShiftLeft 16 shift 103', 'up s KeyS 83 105'],
      ...['down 2 Digit2 50 107', 'up 2 Digit2 50 108', 'down 0 Digit0 48 109', 'up 0 Digit0 48 110'],
    ];
    expect(replayed(keys)).toEqual(['Ns20']);
  });

  it('loses no letter that a slow input method passes on late, or never', () => {
    const digits = [7, 1, 2].flatMap((digit, at) => [
      `down ${digit} Digit${digit} ${48 + digit} ${120 + 8 * at}`,
      `up ${digit} Digit${digit} ${48 + digit} ${124 + 8 * at}`,
    ]);
    const late = 'down Unidentified Unidentified 229 119';
    expect(replayed(['up a KeyA 65 104', 'up b KeyB 66 112', late, late, ...digits])).toEqual(['ab712']);
    expect(replayed(['up a KeyA 65 104', 'up b KeyB 66 112', ...digits])).toEqual(['ab712']);
    // What is released after a shortcut is no letter.
    const shortcut = ['down k KeyK 75 ctrl 100', 'up k KeyK 75 104'];
    expect(replayed([...shortcut, ...digits, 'down 4 Digit4 52 144', 'up 4 Digit4 52 148'])).toEqual([
      '7124',
    ]);
  });

  it('has its letters in the order of their stamps, though the input method passes them on otherwise', () => {
    const keys = [
      ...['down Unidentified Unidentified 229 729', 'down Unidentified Unidentified 229 737'],
      ...['up b KeyB 66 742', 'up a KeyA 65 729', 'up 7 Digit7 55 759', 'up 1 Digit1 49 767'],
    ];
    expect(replayed(keys)).toEqual(['ab71']);
  });

  it('notes what the field held when a letter is passed on late', () => {
    const detector = new RunDetector();
    expect(detector.release(strokeOf('up a KeyA 65 104')).begins).toBe(true);
    expect(detector.press(strokeOf('down Unidentified Unidentified 229 108')).begins).toBe(false);
  });

  it('keeps its line feed though an input method passes on a letter after the suffix', () => {
    const detector = new RunDetector();
    const digits = [
      'down 7 Digit7 55 160',
      'down 1 Digit1 49 200',
      'down 2 Digit2 50 240',
      'down 3 Digit3 51 280',
    ];
    for (const line of digits) detector.press(strokeOf(line));
    expect(detector.press(strokeOf('down Enter Enter 13 320')).isOfScan).toBe(true);
    detector.press(strokeOf('down Unidentified Unidentified 229 321'));
    expect(detector.release(strokeOf('up a KeyA 65 104'))).toMatchObject({ begins: false, isOfScan: false });
    const lineFeed = { ...strokeOf('down LF KeyJ 10 360'), key: '\n' };
    expect(detector.press(lineFeed)).toMatchObject({ isOfScan: true, isSecondEnter: false });
  });

  it('is whole though the sender stalls twice', () => {
    const keyboard = new Keyboard().type('NS-22', 30);
    keyboard.at += 300;
    keyboard.type('04-', 30);
    keyboard.at += 1_500;
    keyboard.type('0391', 30).key('Enter', 30);
    expect(keyboard.texts()).toEqual(['NS-2204-0391']);
  });

  it('keeps its Enter though that comes half a second late', () => {
    const keyboard = new Keyboard().type(CARD, 8);
    expect(keyboard.key('Enter', 490).isOfScan).toBe(true);
    expect(new Keyboard().type(CARD, 8).key('Enter', 700).isOfScan).toBe(false);
  });

  it('keeps its late Enter though a busy page has ended it by its rest', () => {
    const keyboard = new Keyboard().type(CARD, 8);
    keyboard.detector.end();
    expect(keyboard.key('Enter', 300).isOfScan).toBe(true);
    expect(keyboard.key('Enter', 1_200).isOfScan).toBe(false);
  });

  it('ends at another key, which still acts', () => {
    const keyboard = new Keyboard().type(CARD, 8);
    expect(keyboard.key('F2', 20).isOfScan).toBe(false);
    expect(keyboard.texts()).toEqual([CARD]);
  });

  it('may contain separators that arrive as Ctrl with a key', () => {
    const keyboard = new Keyboard().type('0108', 8);
    keyboard.key(']', 8, { code: 'BracketRight', ctrlKey: true });
    keyboard.type('8012', 8).key('j', 8, { code: 'KeyJ', ctrlKey: true });
    expect(keyboard.texts()).toEqual(['01088012']);
  });

  it('leaves a second Enter nothing to do for a second, and tells of it', () => {
    const keyboard = new Keyboard().type(CARD, 8);
    keyboard.key('Enter', 8);
    expect(keyboard.key('Enter', 600)).toMatchObject({ isOfScan: true, isSecondEnter: true });
    expect(new Keyboard().type(CARD, 8).key('Enter', 8).isSecondEnter).toBe(false);
    const later = new Keyboard().type(CARD, 8);
    later.key('Enter', 8);
    expect(later.key('Enter', 1_100).isOfScan).toBe(false);
  });

  it('leaves Enter to whoever has pressed another key since', () => {
    const keyboard = new Keyboard().type(CARD, 8);
    keyboard.key('Enter', 8);
    keyboard.key('F2', 200);
    expect(keyboard.key('Enter', 200).isOfScan).toBe(false);
  });

  it('is followed by the next card at once', () => {
    const keyboard = new Keyboard().type(CARD, 8);
    keyboard.key('Enter', 8);
    keyboard.at += 100;
    keyboard.type('NS-0001', 8).key('Enter', 8);
    expect(keyboard.texts()).toEqual([CARD, 'NS-0001']);
  });

  it('has two equal letters one after the other', () => {
    const keyboard = new Keyboard().type('00000391', 8);
    keyboard.key('Enter', 8);
    expect(keyboard.texts()).toEqual(['00000391']);
  });
});

describe('a hand', () => {
  it('keeps its Enter and all its letters', () => {
    for (const gapMs of [80, 150]) {
      const keyboard = new Keyboard();
      for (const letter of '4821') expect(keyboard.key(letter, gapMs).isOfScan).toBe(false);
      expect(keyboard.key('Enter', gapMs).isOfScan).toBe(false);
      expect(keyboard.texts()).toEqual([]);
    }
  });

  it('types three quick digits without being a scanner', () => {
    const keyboard = new Keyboard().type('123', 20);
    expect(keyboard.key('Enter', 20).isOfScan).toBe(false);
  });

  it('rolls over the keys of a Hangul word without being a scanner', () => {
    const keyboard = new Keyboard().type('rlaalstn', 45, true);
    expect(keyboard.key('Enter', 45).isOfScan).toBe(false);
    expect(keyboard.texts()).toEqual([]);
  });

  it('holds a key down, marked as a repeat or not', () => {
    const marked = new Keyboard();
    for (let count = 0; count < 9; count += 1) marked.key('1', 30, { repeat: count > 0 });
    expect(marked.detector.isScanning).toBe(false);
    const detector = new RunDetector();
    const stroke = { key: '1', code: 'Digit1', keyCode: 49, repeat: false } as Stroke;
    for (let at = 0; at < 300; at += 30) detector.press({ ...stroke, timeStamp: at });
    expect(detector.isScanning).toBe(false);
  });

  it('writes letters that no scanner sends', () => {
    const keyboard = new Keyboard().type('홍길동전', 5);
    expect(keyboard.detector.isScanning).toBe(false);
  });
});

describe('a slow scanner', () => {
  it('counts only once it is set, and then a fast hand counts too', () => {
    const slow = { paceMs: 120, prefix: '' };
    for (const [settings, found] of [
      [DEFAULT_SCANNER, []],
      [slow, [CARD]],
    ] as const) {
      const keyboard = new Keyboard(settings).type(CARD, 100);
      keyboard.key('Enter', 100);
      expect(keyboard.texts()).toEqual(found);
    }
  });

  it('differs from a fast hand by a prefix of its own', () => {
    const settings = { paceMs: 120, prefix: '~' };
    const scanned = new Keyboard(settings).type(`~${CARD}`, 100);
    expect(scanned.key('Enter', 100).isOfScan).toBe(true);
    const typed = new Keyboard(settings).type('01023054821', 90);
    expect(typed.key('Enter', 90).isOfScan).toBe(false);
    const quick = new Keyboard(settings).type(CARD, 8);
    expect(quick.key('Enter', 8).isOfScan).toBe(true);
  });
});
