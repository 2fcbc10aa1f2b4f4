import { fireEvent, screen, waitFor } from '@testing-library/react';
import { beforeEach, describe, expect, it } from 'vitest';
import { openScreen } from '../../testing/places';
import { renderApp } from '../../testing/render';

beforeEach(() => localStorage.clear());

async function find(text: string, name: string) {
  fireEvent.change(await screen.findByTestId('search'), { target: { value: text } });
  await waitFor(() => expect(screen.getByTestId('customer-name-shown')).toHaveTextContent(name));
}

describe('the desk among other terminals', () => {
  it('shows the offline card with the oldest pending entry, and retries', async () => {
    const { user, backend } = await renderApp({ sync: 'offline' });
    const card = await screen.findByTestId('offline-card');
    expect(card).toHaveTextContent('7건');
    expect(await screen.findByTestId('offline-oldest')).toHaveTextContent('결제');
    await user.click(screen.getByTestId('offline-retry'));
    await waitFor(() => expect(backend.world.replication.retries).toBe(1));
  });

  it('updates card and chip when the connection comes back', async () => {
    const { backend } = await renderApp({ sync: 'offline' });
    await screen.findByTestId('offline-card');
    expect(screen.getByTestId('sync-chip')).toHaveTextContent('대기 7건');
    backend.world.scenario.sync = 'online';
    backend.world.replication.reading = true;
    backend.announceConnection();
    await waitFor(() => expect(screen.queryByTestId('offline-card')).toBeNull());
    expect(screen.getByTestId('sync-chip')).toHaveTextContent('대기 7건 · 받는 중');
    backend.world.replication.reading = false;
    backend.announceConnection();
    await waitFor(() =>
      expect(screen.getByTestId('sync-chip')).toHaveTextContent(/대기 7건 · (어제 )?\d\d:\d\d부터/),
    );
  });

  it('says on every screen that the terminal is retired, until it is used again', async () => {
    const { user, backend } = await renderApp({ sync: 'online', retired: true });
    const chip = await screen.findByTestId('sync-chip');
    await waitFor(() => expect(chip).toHaveTextContent(/이 단말은 사용 중지온라인 · 대기 \d+건/));
    await openScreen(user, 'customers');
    expect(screen.getByTestId('sync-chip')).toHaveTextContent('이 단말은 사용 중지');
    backend.world.replication.retiredHere = false;
    backend.announce();
    await waitFor(() => expect(screen.getByTestId('sync-chip')).not.toHaveTextContent('사용 중지'));
  });

  it('shows a customer known only by facts as unknown here and offers no new name', async () => {
    await renderApp({ sync: 'online', unknownNames: true });
    await find('5174', '여기서 모르는 고객 #');
    expect(screen.queryByTestId('edit-customer')).toBeNull();
    expect(screen.queryByTestId('customer-phone-shown')).toBeNull();
    expect(screen.getByTestId('customer-name-shown')).toHaveAttribute(
      'title',
      expect.stringContaining('도착'),
    );
  });

  it('shows the replication state of each entry', async () => {
    await renderApp({ sync: 'online' });
    const records = await screen.findAllByTestId('recent');
    const states = records.map((row) => [row.dataset.state, row.querySelector('td:last-child')?.textContent]);
    expect(states[0]).toEqual(['pending', '대기']);
    expect(states[1]).toEqual(['confirmed', '확정']);
    expect(states).toContainEqual(['review', '검토']);
  });
});
