import { act, fireEvent, screen, waitFor } from '@testing-library/react';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { openScreen } from '../../testing/places';
import { renderApp } from '../../testing/render';
import { rangeOf } from './range';

const DAY_MS = 86_400_000;
const dotted = (at: number) => new Date(at + 9 * 3_600_000).toISOString().slice(0, 10).replaceAll('-', '.');

/** Lets the clock of the computer go on; the window notices when it is looked at again. */
function letPass(days: number) {
  const then = Date.now() + days * DAY_MS;
  vi.spyOn(Date, 'now').mockImplementation(() => then);
  act(() => void window.dispatchEvent(new Event('focus')));
}

afterEach(() => vi.restoreAllMocks());

describe('a range on Mypage', () => {
  it('follows the day while it is a preset, and stays while it is two dates', () => {
    const now = Date.parse('2026-11-20T01:47:00Z');
    expect(rangeOf('month1', now).to).toBe('2026-11-20');
    expect(rangeOf('month1', now + 7 * DAY_MS).to).toBe('2026-11-27');
    const dates = { from: '2026-11-01', to: '2026-11-20' };
    expect(rangeOf(dates, now + 7 * DAY_MS)).toEqual(dates);
  });

  it('shows today in a window that was open for a week, with its preset marked', async () => {
    const app = await renderApp();
    fireEvent.change(await screen.findByTestId('search'), { target: { value: '1190' } });
    await waitFor(() => expect(screen.getByTestId('customer-name-shown')).toHaveTextContent('강민석'));
    await app.user.keyboard('{F8}');
    await screen.findByTestId('mypage-screen');
    expect(screen.getByTestId('mypage-to')).toHaveValue(dotted(Date.now()));
    const chosen = () => screen.getByTestId('mypage-range-month6').closest('label, [data-active]');
    const before = chosen()?.outerHTML;
    letPass(7);
    await waitFor(() => expect(screen.getByTestId('mypage-to')).toHaveValue(dotted(Date.now())));
    expect(chosen()?.outerHTML).toBe(before);
  });

  it('is exported as it is shown, also for everybody', async () => {
    const app = await renderApp();
    await openScreen(app.user, 'mypage');
    await screen.findByTestId('mypage-search');
    letPass(1);
    await waitFor(() => expect(screen.getByTestId('mypage-to')).toHaveValue(dotted(Date.now())));
  });
});
