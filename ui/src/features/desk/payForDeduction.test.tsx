import { fireEvent, screen, waitFor } from '@testing-library/react';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Scenario } from '../../backend/mock';
import { renderApp } from '../../testing/render';

beforeEach(() => localStorage.clear());

/** Opens the dialog for 오재현, who holds 120 P here, and chooses a ground. */
async function openDeduct(scenario: Partial<Scenario>, ground = 'service') {
  const app = await renderApp(scenario);
  fireEvent.change(await screen.findByTestId('search'), { target: { value: '3917' } });
  await waitFor(() => expect(screen.getByTestId('customer-name-shown')).toHaveTextContent('오재현'));
  await app.user.keyboard('{F7}');
  await app.user.click(await screen.findByTestId(`deduct-ground-${ground}`));
  return app;
}

async function typePoints({ user }: Awaited<ReturnType<typeof renderApp>>, points: string) {
  const field = screen.getByTestId('deduct-points');
  await user.clear(field);
  await user.type(field, points);
}

describe('paying for a deduction with points', () => {
  it('is not offered without a price', async () => {
    await openDeduct({});
    expect(screen.queryByTestId('deduct-pay')).toBeNull();
  });

  it('is not offered for an appeal or a waiver', async () => {
    const { user } = await openDeduct({ pricePerPenaltyPoint: 5 });
    expect(screen.getByTestId('deduct-pay')).toBeInTheDocument();
    for (const ground of ['appeal', 'waiver']) {
      await user.click(screen.getByTestId(`deduct-ground-${ground}`));
      expect(screen.queryByTestId('deduct-pay')).toBeNull();
    }
  });

  it('shows price and balance and is decided by the keyboard alone', async () => {
    const app = await openDeduct({ pricePerPenaltyPoint: 5 });
    await typePoints(app, '10');
    expect(screen.queryByTestId('deduct-price')).toBeNull();
    await app.user.tab();
    await app.user.tab();
    expect(screen.getByTestId('deduct-pay')).toHaveFocus();
    await app.user.keyboard(' ');
    // Space waits until no scan can follow.
    expect(await screen.findByTestId('deduct-price')).toHaveTextContent('50P');
    expect(screen.getByTestId('deduct-balance')).toHaveTextContent('120P');
    expect(screen.getByTestId('deduct-remaining')).toHaveTextContent('70P');
    expect(screen.getByTestId('deduct-submit')).toHaveTextContent('10점 차감, 50 P 결제');
    await app.user.keyboard('{Enter}');
    await waitFor(() => expect(screen.getByTestId('notice')).toHaveAttribute('data-kind', 'penaltyDeducted'));
    expect(screen.getByTestId('notice')).toHaveTextContent('50 P를 결제했습니다. 잔액은 70 P입니다');
    expect(app.backend.requests.at(-1)?.command).toMatchObject({
      type: 'deductPenalty',
      points: 10,
      pay: true,
    });
    await waitFor(() => expect(screen.getByTestId('balance')).toHaveTextContent('70P'));
  });

  it('does not pay unless that is chosen', async () => {
    const app = await openDeduct({ pricePerPenaltyPoint: 5 });
    await typePoints(app, '10{Enter}');
    await waitFor(() => expect(screen.getByTestId('notice')).toHaveAttribute('data-kind', 'penaltyDeducted'));
    expect(app.backend.requests.at(-1)?.command).not.toHaveProperty('pay');
    expect(screen.getByTestId('balance')).toHaveTextContent('120P');
  });

  it('says that the balance is too small', async () => {
    const app = await openDeduct({ pricePerPenaltyPoint: 5, language: 'en' });
    await app.user.click(screen.getByTestId('deduct-pay'));
    await typePoints(app, '25');
    expect(screen.getByTestId('deduct-short')).toHaveTextContent('Not enough points. Balance: 120 P.');
    expect(screen.getByTestId('deduct-submit')).toBeDisabled();
    await typePoints(app, '24');
    expect(screen.queryByTestId('deduct-short')).toBeNull();
    expect(screen.getByTestId('deduct-submit')).toHaveTextContent('Deduct 24 pts for 120 P');
  });

  it('asks other terminals for the points and stays open until the answer', async () => {
    const app = await openDeduct({ pricePerPenaltyPoint: 5, sync: 'online', askMs: 1_000 });
    await app.user.click(screen.getByTestId('deduct-pay'));
    await typePoints(app, '25');
    expect(screen.getByTestId('deduct-caution')).toHaveTextContent('다른 단말에 요청합니다');
    await app.user.keyboard('{Enter}');
    expect(await screen.findByTestId('deduct-asking')).toHaveTextContent('포인트를 요청하는 중');
    await app.user.keyboard('{Escape}');
    expect(screen.getByTestId('deduct-asking')).toBeInTheDocument();
    await waitFor(() => expect(screen.queryByTestId('deduct-asking')).not.toBeInTheDocument());
    expect(screen.queryByTestId('error')).not.toBeInTheDocument();
    expect(app.backend.requests).toHaveLength(1);
  });

  it('shows that the price was taken off the rules meanwhile', async () => {
    const app = await openDeduct({ pricePerPenaltyPoint: 5 });
    await app.user.click(screen.getByTestId('deduct-pay'));
    app.backend.world.rules.pricePerPenaltyPoint = null;
    await app.user.click(screen.getByTestId('deduct-submit'));
    const error = await screen.findByTestId('error');
    expect(error).toHaveAttribute('data-code', 'price_is_off');
    expect(error).toHaveTextContent('차감하지 않았습니다');
  });
});
