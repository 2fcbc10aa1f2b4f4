import { afterEach, beforeEach, expect, test, vi } from 'vitest';

let clock = 0;

/** An event with a time stamp, handled some milliseconds later by the clock of `performance.now()`. */
function happen(type: string, timeStamp: number, handledAt: number): void {
  clock = handledAt;
  const event = new Event(type);
  Object.defineProperty(event, 'timeStamp', { value: timeStamp });
  window.dispatchEvent(event);
}

beforeEach(() => {
  vi.resetModules();
  vi.spyOn(Date, 'now').mockReturnValue(1_000_000);
  vi.spyOn(performance, 'now').mockImplementation(() => clock);
});

afterEach(() => vi.restoreAllMocks());

test('a trace begins where something was last pressed', async () => {
  const { clickedAt } = await import('./clicked');
  happen('keydown', 700, 700);
  clock = 950;
  expect(clickedAt()).toBe(1_000_000 - 250);
});

test('time stamps may have another zero, ahead or behind', async () => {
  for (const zero of [110, -5_000]) {
    vi.resetModules();
    const { clickedAt } = await import('./clicked');
    happen('pointerdown', 1_000 + zero, 1_000);
    // Handled 300 ms late, because the page was busy.
    happen('keydown', 2_000 + zero, 2_300);
    expect(clickedAt()).toBe(1_000_000 - 300);
  }
});

test('a press is never in the future', async () => {
  const { clickedAt } = await import('./clicked');
  happen('keydown', 5_110, 5_000);
  expect(clickedAt()).toBe(1_000_000);
});

test('a press long ago is none', async () => {
  const { clickedAt } = await import('./clicked');
  happen('pointerdown', 5_000, 5_000);
  clock = 15_001;
  expect(clickedAt()).toBe(1_000_000);
});

test('with nothing pressed it begins now', async () => {
  const { clickedAt } = await import('./clicked');
  expect(clickedAt()).toBe(1_000_000);
});
