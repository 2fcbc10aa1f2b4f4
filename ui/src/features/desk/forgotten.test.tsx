import { screen, waitFor } from '@testing-library/react';
import { beforeEach, describe, expect, it } from 'vitest';
import { press, scan } from '../../testing/keys';
import { renderApp } from '../../testing/render';

type App = Awaited<ReturnType<typeof renderApp>>;

const commands = ({ backend }: App) => backend.requests.map(({ command }) => command);

/** Scans the card of somebody whose visit began yesterday and was never ended. */
async function scanForgotten() {
  const app = await renderApp();
  await screen.findByTestId('close-visit');
  const { world } = app.backend;
  const visit = world.visits
    .filter(({ end, voided }) => end === null && !voided)
    .sort((a, b) => a.since - b.since)[0];
  const customer = world.customers.get(visit?.customerId ?? '');
  if (!visit || !customer) throw new Error('nobody was forgotten');
  customer.card = 'NS-7777-0001';
  scan('NS-7777-0001');
  await screen.findByTestId('forgotten');
  return { ...app, visit, customer };
}

beforeEach(() => localStorage.clear());

describe('a forgotten visit', () => {
  it('ends without points by the next check-in, which Enter offers first', async () => {
    const app = await scanForgotten();
    expect(screen.getByTestId('action-check-in')).toHaveAttribute('data-primary');
    expect(screen.getByTestId('action-check-in')).toHaveTextContent('잊은 방문은 포인트 없이 종료');
    press('Enter', { after: 1_500 });
    await screen.findByTestId('area-picker');
    press('Enter');
    await waitFor(() => expect(screen.getByTestId('notice')).toHaveAttribute('data-kind', 'checkedIn'));
    expect(commands(app).map(({ type }) => type)).toEqual(['checkIn']);
    expect(app.visit.end?.kind).toBe('close');
    expect(app.visit.earning).toBeNull();
    expect(screen.getByTestId('notice')).toHaveTextContent('잊은 방문은 포인트 없이 종료했습니다.');
  });

  it('is checked out only after a question, and Enter ends it without points', async () => {
    const app = await scanForgotten();
    press('F3');
    const question = await screen.findByTestId('forgotten-out-dialog');
    expect(question).toHaveTextContent('방문을 어떻게 끝낼까요?');
    expect(commands(app)).toEqual([]);
    await waitFor(() => expect(screen.getByTestId('forgotten-out-close')).toHaveFocus());
    press('Enter');
    await waitFor(() => expect(screen.getByTestId('notice')).toHaveAttribute('data-kind', 'visitEnded'));
    expect(commands(app)).toMatchObject([{ type: 'closeVisit', reason: 'forgotten' }]);
  });

  it('earns if somebody really stayed, by a button of its own', async () => {
    const app = await scanForgotten();
    press('F3');
    await app.user.click(await screen.findByTestId('forgotten-out-earn'));
    await waitFor(() => expect(screen.getByTestId('notice')).toHaveAttribute('data-kind', 'checkedOut'));
    expect(commands(app)).toMatchObject([{ type: 'checkOut', confirmForgotten: true }]);
  });
});

describe('an edit', () => {
  it('is undone by Ctrl Z with the details from before', async () => {
    const app = await renderApp();
    await screen.findByTestId('search');
    scan('NS-2204-0391');
    await waitFor(() => expect(screen.getByTestId('customer-name-shown')).toHaveTextContent('오재현'));
    await app.user.click(screen.getByTestId('edit-customer'));
    const name = await screen.findByTestId('customer-name');
    await app.user.clear(name);
    await app.user.type(name, '오재훈{Enter}');
    await waitFor(() => expect(screen.getByTestId('customer-name-shown')).toHaveTextContent('오재훈'));
    expect(screen.getByTestId('notice')).toHaveAttribute('data-kind', 'customerSaved');
    await app.user.keyboard('{Control>}z{/Control}');
    await waitFor(() => expect(screen.getByTestId('customer-name-shown')).toHaveTextContent('오재현'));
    expect(commands(app).at(-1)).toMatchObject({
      type: 'reviseCustomer',
      profile: { name: '오재현', card: 'NS-2204-0391' },
    });
  });
});
