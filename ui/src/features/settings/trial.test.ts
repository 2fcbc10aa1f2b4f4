import { describe, expect, it } from 'vitest';
import type { Stroke } from '../../shared/scan/strokes';
import { Trial } from './trial';

const stroke = (key: string, code: string, timeStamp: number, shiftKey = false): Stroke => ({
  ...{ key, code, timeStamp, shiftKey, keyCode: 0 },
  ...{ repeat: false, ctrlKey: false, altKey: false, metaKey: false },
});
const enter = (timeStamp: number) => stroke('Enter', 'Enter', timeStamp);

/** Releases the keys of lower-case letters and digits, one each 30 ms. */
function type(trial: Trial, text: string, from: number) {
  for (const [index, letter] of [...text].entries()) {
    const code = /\d/.test(letter) ? `Digit${letter}` : `Key${letter.toUpperCase()}`;
    trial.release(stroke(letter, code, from + 30 * index));
  }
}

describe('a trial of the scanner', () => {
  it('loses no letter when an input method passes keys on after the rest was measured', () => {
    const trial = new Trial();
    trial.release(stroke('Shift', 'ShiftLeft', 1_000, true));
    trial.release(stroke('n', 'KeyN', 1_000));
    // More than a second later by the page's timer, but not by the stamps.
    expect(trial.measure().text).toBe('N');
    type(trial, 's2204', 1_030);
    expect(trial.end(enter(1_200))).toBe(true);
    expect(trial.measure()).toEqual({ text: 'Ns2204', gapMs: 30 });
  });

  it('has its letters in the order of their stamps', () => {
    const trial = new Trial();
    type(trial, '12', 1_000);
    type(trial, '4', 1_090);
    type(trial, '3', 1_060);
    expect(trial.measure().text).toBe('1234');
  });

  it('includes a letter that is released just after Enter is pressed', () => {
    const trial = new Trial();
    type(trial, '123', 1_000);
    expect(trial.end(enter(1_061))).toBe(true);
    type(trial, '4', 1_064);
    expect(trial.measure().text).toBe('1234');
  });

  it('begins again after Enter and after a rest, and leaves later keys alone', () => {
    const trial = new Trial();
    expect(trial.end(enter(900))).toBe(false);
    type(trial, '1234', 1_000);
    expect(trial.end(enter(1_120))).toBe(true);
    expect(trial.end(enter(1_150))).toBe(false);
    type(trial, '5678', 1_200);
    expect(trial.measure().text).toBe('5678');
    expect(trial.end(enter(2_400))).toBe(false);
    type(trial, '9', 2_400);
    expect(trial.measure().text).toBe('9');
  });
});
