import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { press, rest, scan } from '../../testing/keys';
import { listenToScans, type WindowScan } from './listen';

const SETTLE_MS = 900;

describe('a list that has the cursor', () => {
  const onScan = vi.fn<(scan: WindowScan) => void>();
  const onChange = vi.fn();
  const onSpace = vi.fn();
  let select: HTMLSelectElement;
  let stop: () => void;

  beforeEach(() => {
    vi.useFakeTimers();
    document.body.innerHTML =
      '<select><option>모든 구역</option><option>1번 구역</option><option>2번 구역</option><option>a구역</option></select>';
    select = document.querySelector('select') as HTMLSelectElement;
    select.addEventListener('change', onChange);
    select.addEventListener('keydown', ({ key }) => key === ' ' && onSpace());
    select.focus();
    const listening = listenToScans(
      { intercept: () => false, onScan, onSecondEnter: () => {} },
      { paceMs: 50, prefix: '' },
    );
    stop = () => listening.stop();
    rest(2_000);
  });
  afterEach(() => {
    stop();
    vi.useRealTimers();
    vi.clearAllMocks();
    document.body.innerHTML = '';
  });
  const settle = () => vi.advanceTimersByTimeAsync(SETTLE_MS);

  it.each(['1 234567', 'ab 71234', '22220391'])(
    'takes no letter of %s, and its Space opens nothing',
    async (card) => {
      for (const gapMs of [8, 45]) {
        scan(card, { gapMs, suffix: [] });
        await settle();
        expect(onScan.mock.lastCall?.[0].text).toBe(card);
      }
      expect([onChange.mock.calls.length, onSpace.mock.calls.length, select.value]).toEqual([
        0,
        0,
        '모든 구역',
      ]);
    },
  );

  it('takes a letter of a hand, once no scan can follow', async () => {
    press('2', { after: 600 });
    expect(select.value).toBe('모든 구역');
    await settle();
    expect(select.value).toBe('2번 구역');
    press('A', { after: 600 });
    await settle();
    expect([select.value, onChange.mock.calls.length]).toEqual(['a구역', 2]);
  });

  it('takes the Space of a hand', () => {
    press(' ', { after: 600 });
    expect(onSpace).toHaveBeenCalledOnce();
  });
});
