import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { afterWaitingEvents } from './signals';

describe('waiting for key events that were sent already', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('takes two turns while the page is calm', () => {
    const run = vi.fn();
    afterWaitingEvents(run);
    vi.advanceTimersByTime(39);
    expect(run).not.toHaveBeenCalled();
    vi.advanceTimersByTime(1);
    expect(run).toHaveBeenCalledOnce();
  });

  it('goes on while timers come late, but not for ever', () => {
    const run = vi.fn();
    // Each look at the clock finds it 40 ms later than the timer knows.
    let late = 0;
    const clock = performance.now.bind(performance);
    const now = vi.spyOn(performance, 'now').mockImplementation(() => {
      late += 40;
      return clock() + late;
    });
    afterWaitingEvents(run);
    vi.advanceTimersByTime(199);
    expect(run).not.toHaveBeenCalled();
    vi.advanceTimersByTime(1);
    expect(run).toHaveBeenCalledOnce();
    now.mockRestore();
  });
});
