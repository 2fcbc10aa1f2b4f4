import { screen, waitFor } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import { createMockBackend } from '../../backend/mock';
import { customerNamed, isInHand, settle, withKang } from '../../testing/desk';
import { press, rest, scan } from '../../testing/keys';
import { renderApp } from '../../testing/render';

/** 오재현, prohibited. */
const OH = 'NS-2204-0391';

describe('a scan at the desk', () => {
  it.each([
    ['8 ms', { gapMs: 8 }],
    ['30 ms', { gapMs: 30 }],
    ['50 ms', { gapMs: 50 }],
    ['CR LF', { suffix: ['Enter', 'Enter'] }],
    ['Tab', { suffix: ['Tab'] }],
    ['no suffix', { suffix: [] }],
    ['Hangul on', { hangul: true }],
  ])('takes the person in hand and records nothing: %s', async (_, scanning) => {
    const app = await withKang();
    scan(OH, scanning);
    await isInHand('오재현');
    expect(screen.getByTestId('search')).toHaveValue(OH);
    expect(screen.queryByRole('dialog')).toBeNull();
    expect(app.backend.requests).toEqual([]);
  });

  it('replaces the scan before, also without Enter and with Hangul', async () => {
    const app = await withKang();
    scan(OH, { suffix: [], hangul: true });
    await isInHand('오재현');
    rest(1_500);
    scan(customerNamed(app.backend, '고명숙').card ?? '', { suffix: [] });
    await isInHand('고명숙');
    expect(screen.getByTestId('search')).toHaveValue(customerNamed(app.backend, '고명숙').card);
  });

  it('read twice records nothing, and says so', async () => {
    const app = await renderApp();
    await screen.findByTestId('search');
    const inside = [...app.backend.world.customers.values()].find(
      ({ customerId, card }) =>
        card && app.backend.world.visits.some((visit) => visit.customerId === customerId && !visit.end),
    );
    scan(inside?.card ?? '');
    await isInHand(inside?.name ?? '');
    scan(inside?.card ?? '');
    expect(await screen.findByTestId('note')).toHaveTextContent('같은 카드를 다시 읽었습니다');
    press('Enter', { after: 300 });
    expect(screen.getByTestId('note')).toHaveTextContent('Enter를 한 번 더');
    await settle();
    expect(app.backend.requests).toEqual([]);
  });

  it('of nobody leaves nobody in hand, and is the card of a new customer', async () => {
    const app = await withKang();
    scan('8801234567890');
    expect(await screen.findByTestId('nobody')).toBeInTheDocument();
    expect(await screen.findByTestId('no-hit')).toHaveTextContent('등록되지 않은 카드입니다');
    press('F2');
    expect(await screen.findByTestId('note')).toHaveTextContent('먼저 고객을 찾아 주세요');
    await app.user.keyboard('{Control>}n{/Control}');
    expect(await screen.findByTestId('customer-card')).toHaveValue('8801234567890');
    expect(screen.getByTestId('customer-phone')).toHaveValue('');
  });

  it('finds a card in spite of prefixes, and offers one with other leading zeros', async () => {
    const backend = createMockBackend();
    backend.world.preferences.scanner = { paceMs: 50, prefix: '~' };
    const app = await renderApp({}, backend);
    await screen.findByTestId('search');
    customerNamed(app.backend, '강민석').card = '00000391';
    scan('~]C100000391');
    await isInHand('강민석');
    await app.user.keyboard('{Escape}');
    scan('391391'.slice(0, 3).padStart(5, '0'));
    await waitFor(() => expect(screen.getAllByTestId('hit')[0]).toHaveTextContent('강민석'));
    expect(screen.getByText('앞의 0만 다른 카드입니다')).toBeInTheDocument();
    expect(screen.getByTestId('nobody')).toBeInTheDocument();
    press('Enter', { after: 1_500 });
    await isInHand('강민석');
    expect(screen.queryByRole('dialog')).toBeNull();
  });

  it('shows the holder first and those whose phone ends alike', async () => {
    const app = await renderApp();
    await screen.findByTestId('search');
    customerNamed(app.backend, '강민석').card = '4821';
    scan('4821');
    await isInHand('강민석');
    const hits = screen.getAllByTestId('hit').map(({ textContent }) => textContent);
    expect(hits[0]).toContain('강민석');
    expect(hits[1]).toContain('4821');
  });

  it('leaves an Enter after letters only to choose', async () => {
    const app = await renderApp();
    const field = await screen.findByTestId('search');
    await app.user.type(field, '1190');
    await isInHand('강민석');
    press('Enter');
    await settle();
    expect(screen.queryByRole('dialog')).toBeNull();
    press('Enter');
    expect(await screen.findByTestId('area-picker')).toBeInTheDocument();
  });
});
