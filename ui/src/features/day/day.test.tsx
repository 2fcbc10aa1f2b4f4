import { screen, waitFor, within } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import { openScreen } from '../../testing/places';
import { renderApp } from '../../testing/render';

async function openDay() {
  const app = await renderApp();
  await openScreen(app.user, 'day');
  await screen.findByTestId('day-table');
  return app;
}

/** The count of this terminal in a line of the table. */
const countOf = (item: string) =>
  Number(within(screen.getByTestId(`day-line-${item}`)).getAllByRole('cell')[0]?.textContent);

describe('The day', () => {
  it('is closed by the keyboard, and shows what came later apart from its figures', async () => {
    const app = await openDay();
    expect(screen.getByTestId('day-status')).toHaveTextContent(/아직 마감하지 않았습니다/);
    const paid = countOf('paid');
    expect(screen.getByTestId('day-close')).toHaveFocus();
    await app.user.keyboard('{Enter}');
    await screen.findByTestId('close-day-dialog');
    await waitFor(() => expect(screen.getByTestId('close-day-submit')).toHaveFocus());
    await app.user.keyboard('{Enter}');
    await waitFor(() => expect(screen.getByTestId('day-status')).toHaveTextContent(/^1번째 마감/));
    expect(screen.getByText(/마감 이후 들어온 기록이 없습니다/)).toBeInTheDocument();

    const { customerId } = [...app.backend.world.customers.values()].find(
      ({ name }) => name === '김민수',
    ) as { customerId: string };
    const command = { type: 'adjustPoints', customerId, points: 5, reason: 'goodwill' } as const;
    await app.backend.record({ idempotencyKey: 'late', command });
    app.backend.announce();
    const since = await screen.findByTestId('day-since');
    expect(within(since).getByTestId('since-adjusted')).toHaveTextContent('+1건 · +5');
    expect(within(since).getByText(/김민수/)).toBeInTheDocument();
    expect(countOf('paid')).toBe(paid);
    expect(screen.getByTestId('day-close')).toHaveTextContent('다시 마감');
  });

  it('ends the visits of those who are still inside only if that is chosen', async () => {
    const app = await openDay();
    const inside = () => app.backend.world.visits.filter(({ end }) => !end).length;
    const before = inside();
    expect(before).toBeGreaterThan(0);
    await app.user.click(screen.getByTestId('day-close'));
    await app.user.click(await screen.findByTestId('close-day-submit'));
    await waitFor(() => expect(screen.queryByTestId('close-day-dialog')).toBeNull());
    expect(inside()).toBe(before);
    await app.user.click(screen.getByTestId('day-close'));
    await app.user.click(await screen.findByTestId('close-day-end'));
    await app.user.click(screen.getByTestId('close-day-submit'));
    await waitFor(() => expect(inside()).toBe(0));
    await waitFor(() => expect(screen.getByTestId('day-status')).toHaveTextContent(/^2번째 마감/));
  });

  it('shows earlier days, and none in the future', async () => {
    const app = await openDay();
    expect(screen.getByTestId('day-later')).toBeDisabled();
    const today = screen.getByTestId('day-shown').textContent;
    await app.user.click(screen.getByTestId('day-earlier'));
    await waitFor(() => expect(screen.getByTestId('day-shown')).not.toHaveTextContent(today ?? ''));
    await app.user.click(screen.getByTestId('day-today'));
    await waitFor(() => expect(screen.getByTestId('day-shown')).toHaveTextContent(today ?? ''));
  });
});
