import { afterEach, beforeEach, expect, test, vi } from 'vitest';

beforeEach(() => {
  vi.resetModules();
  vi.spyOn(Date, 'now').mockReturnValue(1_000_000);
});

afterEach(() => vi.restoreAllMocks());

test('a trace begins where something was last pressed', async () => {
  const { clickedAt } = await import('./clicked');
  const event = new Event('keydown');
  window.dispatchEvent(event);
  vi.spyOn(performance, 'now').mockReturnValue(event.timeStamp + 250);
  expect(clickedAt()).toBe(1_000_000 - 250);
});

test('a press long ago is none', async () => {
  const { clickedAt } = await import('./clicked');
  const event = new Event('pointerdown');
  window.dispatchEvent(event);
  vi.spyOn(performance, 'now').mockReturnValue(event.timeStamp + 10_001);
  expect(clickedAt()).toBe(1_000_000);
});

test('with nothing pressed it begins now', async () => {
  const { clickedAt } = await import('./clicked');
  vi.spyOn(performance, 'now').mockReturnValue(5);
  expect(clickedAt()).toBe(1_000_000);
});
