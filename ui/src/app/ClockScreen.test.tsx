import { act, screen, waitFor } from '@testing-library/react';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { renderApp } from '../testing/render';

afterEach(() => vi.useRealTimers());

describe('a clock that a start doubts', () => {
  it('hides all screens until a person says that it is right', async () => {
    const { backend, user } = await renderApp({ clock: 'behind' });
    expect(await screen.findByTestId('clock-screen')).toHaveTextContent('가장 새 기록보다 앞 시각입니다.');
    expect(screen.queryByTestId('search')).toBeNull();
    await user.click(screen.getByTestId('clock-right'));
    expect(await screen.findByTestId('search')).toBeInTheDocument();
    expect(backend.world.clockDoubt).toBeNull();
  });

  it('is not confirmed by an Enter, such as a scanner types', async () => {
    const { backend, user } = await renderApp({ clock: 'longAfter' });
    expect(await screen.findByTestId('clock-screen')).toHaveTextContent('60일 넘게 뒤입니다.');
    await user.keyboard('NS-2204-0391{Enter}{Enter}');
    expect(screen.getByTestId('clock-screen')).toBeInTheDocument();
    expect(backend.world.clockDoubt).toBe('longAfter');
  });

  it('is right as soon as it was set, without a click', async () => {
    vi.useFakeTimers({ shouldAdvanceTime: true });
    const { backend } = await renderApp({ clock: 'behind' });
    await screen.findByTestId('clock-screen');
    backend.world.clockDoubt = null;
    await act(() => vi.advanceTimersByTimeAsync(3_100));
    await waitFor(() => expect(screen.queryByTestId('clock-screen')).toBeNull());
  });

  it('can be left to somebody else', async () => {
    const { user } = await renderApp({ clock: 'behind' });
    await user.click(await screen.findByTestId('clock-lock'));
    expect(await screen.findByTestId('lock-screen')).toBeInTheDocument();
  });

  it('marks what it stamped on Mypage', async () => {
    const { user } = await renderApp({ clock: 'ahead' });
    await user.type(await screen.findByTestId('search'), 'NS-2204-0391');
    await screen.findByTestId('verdict');
    await user.keyboard('{F8}');
    expect(await screen.findAllByTestId('mypage-ahead')).toHaveLength(1);
  });
});
