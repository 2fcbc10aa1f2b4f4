import { screen, waitFor, within } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import type { Scenario } from '../../backend/mock';
import { openScreen } from '../../testing/places';
import { renderApp } from '../../testing/render';
import { parseDelta } from './AdjustDialog';

/** Opens Mypage of the customer whose phone number ends in 4821. */
async function openMypage(scenario: Partial<Scenario> = {}) {
  const app = await renderApp(scenario);
  await openScreen(app.user, 'mypage');
  await app.user.type(await screen.findByTestId('mypage-search'), '4821');
  await waitFor(() => expect(screen.getAllByTestId('mypage-pick')).toHaveLength(1));
  await app.user.keyboard('{Enter}');
  await screen.findAllByTestId('mypage-row');
  return app;
}

const rows = () => screen.getAllByTestId('mypage-row');

function rowOf(kind: string): HTMLElement {
  const found = rows().find((row) => row.dataset.kind === kind);
  if (!found) throw new Error(kind);
  return found;
}

const longEnough = () => new Promise((resolve) => setTimeout(resolve, 550));

describe('corrections on Mypage', () => {
  it('opens the menu of a row by Enter, and a hurried second Enter does nothing', async () => {
    const { user } = await openMypage();
    const first = rows()[0] as HTMLElement;
    first.focus();
    await user.keyboard('{ArrowDown}');
    await waitFor(() => expect(rows()[1]).toHaveFocus());
    rowOf('payment').focus();
    await user.keyboard('{Enter}');
    const item = await screen.findByTestId('correction-voidPayment');
    await waitFor(() => expect(item).toHaveFocus());
    await user.keyboard('{Enter}');
    expect(screen.queryByTestId('void-dialog')).toBeNull();
    await longEnough();
    await user.keyboard('{Enter}');
    expect(await screen.findByTestId('void-dialog')).toBeInTheDocument();
  });

  it('closes by Escape, back on its row', async () => {
    const { user } = await openMypage();
    const row = rowOf('penalty');
    row.focus();
    await user.keyboard('{Shift>}{F10}{/Shift}');
    await waitFor(() => expect(screen.getByTestId('correction-voidPenalty')).toHaveFocus());
    await user.keyboard('{Escape}');
    await waitFor(() => expect(screen.queryByTestId('correction-menu')).toBeNull());
    expect(row).toHaveFocus();
  });

  it('says to staff who could correct what is too old or of somebody else, and takes their PIN', async () => {
    const { user, backend } = await openMypage({ role: 'staff' });
    const payment = backend.world.payments.find(({ paymentId }) => paymentId === rowOf('payment').dataset.id);
    if (!payment) throw new Error('no payment');
    Object.assign(payment, { by: backend.world.staff.name, at: Date.now() - 16 * 60_000 });
    await user.click(within(rowOf('payment')).getByTestId('mypage-correct'));
    const item = await screen.findByTestId('correction-voidPayment');
    expect(item).toHaveAttribute('data-refused', 'void_window_passed');
    expect(item).toHaveTextContent('취소할 수 있는 15분이');
    expect(item).toHaveTextContent('책임자 이상이 할 수 있습니다');
    expect(item).toHaveAttribute('aria-disabled', 'false');
    expect(screen.getByTestId('correction-adjustPoints')).toHaveTextContent('관리자 이상이 할 수 있습니다');
  });

  it('says why nothing corrects a void', async () => {
    const { user } = await openMypage();
    await user.click(within(rowOf('payment')).getByTestId('mypage-correct'));
    await user.click(await screen.findByTestId('correction-voidPayment'));
    await user.click(await screen.findByTestId('void-confirm'));
    await waitFor(() => rowOf('paymentVoid'));
    await user.click(within(rowOf('paymentVoid')).getByTestId('mypage-correct'));
    expect(await screen.findByTestId('correction-none')).toHaveTextContent('취소한 기록입니다');
  });

  it('takes a check-out back', async () => {
    const { user, backend } = await openMypage();
    await user.click(within(rowOf('visit')).getByTestId('mypage-correct'));
    await user.click(await screen.findByTestId('correction-takeBackCheckOut'));
    await user.click(await screen.findByTestId('void-confirm'));
    expect(await screen.findByTestId('mypage-said')).toHaveTextContent('체크아웃을 취소했습니다');
    expect(backend.requests.at(-1)?.command.type).toBe('takeBackCheckOut');
  });

  it('adjusts by the points that take an entry back, which can be changed', async () => {
    const { user, backend } = await openMypage();
    await user.click(within(rowOf('payment')).getByTestId('mypage-correct'));
    await user.click(await screen.findByTestId('correction-adjustPoints'));
    const points = await screen.findByTestId('adjust-points');
    const paid = backend.world.payments.find(({ paymentId }) => paymentId === rowOf('payment').dataset.id);
    expect(points).toHaveValue(String(paid?.points));
    await user.clear(points);
    await user.type(points, '-30{Enter}');
    expect(await screen.findByTestId('mypage-said')).toHaveTextContent('−30 P를 조정했습니다');
    expect(backend.requests.at(-1)?.command).toMatchObject({ points: -30, reason: 'correction' });
  });
});

it('reads signed points', () => {
  expect(['5', '+5', '-5', '−1,000', '0', '', '1.5', 'x'].map(parseDelta)).toEqual([
    5,
    5,
    -5,
    -1000,
    null,
    null,
    null,
    null,
  ]);
});
