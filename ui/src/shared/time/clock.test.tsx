import { act, renderHook, screen, waitFor } from '@testing-library/react';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { renderApp } from '../../testing/render';
import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from './calendar';
import { useNow } from './useNow';

afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

/** Sets the clock without any timer having run, as after a sleep or when somebody sets it. */
const setClock = (at: number) => vi.spyOn(Date, 'now').mockImplementation(() => at);

describe('the clock of the screens', () => {
  it('shows another minute soon after a sleep, although no timer ran and nobody looked', () => {
    vi.useFakeTimers({ now: Date.parse('2026-11-20T14:59:30Z') });
    const { result } = renderHook(useNow);
    const before = result.current;
    act(() => void vi.advanceTimersByTime(10 * SECOND_MS));
    expect(result.current).toBe(before);
    setClock(before + 7 * HOUR_MS);
    act(() => void vi.advanceTimersByTime(3 * SECOND_MS));
    expect(result.current).toBe(before + 7 * HOUR_MS);
  });

  it('follows a clock that is set back', () => {
    vi.useFakeTimers({ now: Date.parse('2026-11-20T01:00:00Z') });
    const { result } = renderHook(useNow);
    const earlier = result.current - 2 * DAY_MS;
    setClock(earlier);
    act(() => void vi.advanceTimersByTime(3 * SECOND_MS));
    expect(result.current).toBe(earlier);
  });

  it('loads again at midnight what depends on the day, and every ten minutes who is inside', async () => {
    const { backend } = await renderApp();
    await screen.findByTestId('search');
    const [occupancy, recent] = [vi.spyOn(backend, 'occupancy'), vi.spyOn(backend, 'recentEntries')];
    const now = Date.now();
    const look = (at: number) => {
      setClock(at);
      act(() => void window.dispatchEvent(new Event('focus')));
    };
    // Twenty minutes before a midnight in Korea, so that neither step passes the next one.
    const evening = Math.ceil((now + 9 * HOUR_MS) / DAY_MS) * DAY_MS - 9 * HOUR_MS - 20 * MINUTE_MS;
    look(evening);
    occupancy.mockClear();
    recent.mockClear();
    look(evening + 11 * MINUTE_MS);
    await waitFor(() => expect(occupancy).toHaveBeenCalledTimes(1));
    expect(recent).not.toHaveBeenCalled();
    look(evening + 21 * MINUTE_MS);
    await waitFor(() => expect(recent).toHaveBeenCalledTimes(1));
    expect(occupancy).toHaveBeenCalledTimes(2);
  });
});
