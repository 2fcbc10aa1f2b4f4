import { fireEvent, screen, waitFor } from '@testing-library/react';
import { beforeEach, describe, expect, it } from 'vitest';
import { renderApp } from '../../testing/render';

beforeEach(() => localStorage.clear());

async function find(text: string, name: string) {
  fireEvent.change(await screen.findByTestId('search'), { target: { value: text } });
  await waitFor(() => expect(screen.getByTestId('customer-name-shown')).toHaveTextContent(name));
}

describe('the desk among other terminals', () => {
  it('tells in the free foot that it is offline, the oldest waiting, and tries again', async () => {
    const { user, backend } = await renderApp({ sync: 'offline' });
    const card = await screen.findByTestId('offline-card');
    expect(card).toHaveTextContent('7건');
    expect(await screen.findByTestId('offline-oldest')).toHaveTextContent('결제');
    await user.click(screen.getByTestId('offline-retry'));
    await waitFor(() => expect(backend.world.exchange.retries).toBe(1));
  });

  it('follows the link: card and chip change as it comes back', async () => {
    const { backend } = await renderApp({ sync: 'offline' });
    await screen.findByTestId('offline-card');
    expect(screen.getByTestId('sync-chip')).toHaveTextContent('대기 7건');
    backend.world.scenario.sync = 'online';
    backend.world.exchange.reading = true;
    backend.announceLink();
    await waitFor(() => expect(screen.queryByTestId('offline-card')).toBeNull());
    expect(screen.getByTestId('sync-chip')).toHaveTextContent('대기 7건 · 받는 중');
    backend.world.exchange.reading = false;
    backend.announceLink();
    await waitFor(() =>
      expect(screen.getByTestId('sync-chip')).toHaveTextContent(/대기 7건 · (어제 )?\d\d:\d\d부터/),
    );
  });

  it('names the terminal that holds the rest, and since when it was not heard', async () => {
    await renderApp({ sync: 'offline' });
    await find('3917', '오재현');
    expect(await screen.findByTestId('holder')).toHaveTextContent(
      /200 P는 단말 2에 있습니다.\s*단말 2의 마지막 소식은 .*\d\d:\d\d입니다/,
    );
  });

  it('calls a terminal without a name another terminal', async () => {
    const { backend } = await renderApp({ sync: 'online' });
    const minsu = [...backend.world.customers.values()].find(({ phone }) => phone?.endsWith('1190'));
    if (minsu) minsu.holders = [{ terminalName: null, points: 50, lastHeardAt: null }];
    await find('1190', '강민석');
    await waitFor(() => expect(screen.getByTestId('balance-detail')).toHaveTextContent('나머지 다른 단말'));
  });

  it('says whom it asks while a payment waits, and stays until the answer', async () => {
    const { user, backend } = await renderApp({ sync: 'online', askMs: 1_000 });
    await find('3917', '오재현');
    await user.keyboard('{F4}');
    await user.type(await screen.findByTestId('pay-points'), '300');
    expect(screen.getByTestId('pay-caution')).toHaveTextContent('다른 단말에 먼저 묻습니다');
    await user.keyboard('{Enter}');
    expect(await screen.findByTestId('pay-asking')).toHaveTextContent('단말 2에 포인트를 묻는 중입니다');
    await user.keyboard('{Escape}');
    expect(screen.getByTestId('pay-asking')).toBeInTheDocument();
    expect(await screen.findByTestId('error')).toHaveAttribute('data-code', 'held_elsewhere');
    expect(screen.queryByTestId('pay-asking')).toBeNull();
    expect(backend.requests).toHaveLength(1);
  });

  it('calls whom it cannot name unknown here, and does not offer to name them anew', async () => {
    await renderApp({ sync: 'online', unknownNames: true });
    await find('5174', '여기서 모르는 고객 #');
    expect(screen.queryByTestId('edit-customer')).toBeNull();
    expect(screen.queryByTestId('customer-phone-shown')).toBeNull();
    expect(screen.getByTestId('customer-name-shown')).toHaveAttribute(
      'title',
      expect.stringContaining('열쇠'),
    );
  });

  it('shows how far each record has come', async () => {
    await renderApp({ sync: 'online' });
    const records = await screen.findAllByTestId('recent');
    const states = records.map((row) => [row.dataset.state, row.querySelector('td:last-child')?.textContent]);
    expect(states[0]).toEqual(['pending', '대기']);
    expect(states[1]).toEqual(['confirmed', '확정']);
    expect(states).toContainEqual(['review', '검토']);
  });
});
