import { fireEvent, screen, waitFor, within } from '@testing-library/react';
import { describe, expect, it, vi } from 'vitest';
import type { Scenario } from '../../backend/mock';
import { openScreen } from '../../testing/places';
import { renderApp } from '../../testing/render';

/** Opens Mypage of the customer whose phone number ends in 4821. */
async function pickOnMypage(scenario: Partial<Scenario>) {
  const app = await renderApp(scenario);
  await openScreen(app.user, 'mypage');
  await app.user.type(await screen.findByTestId('mypage-search'), '4821');
  await waitFor(() => expect(screen.getAllByTestId('mypage-pick')).toHaveLength(1));
  await app.user.keyboard('{Enter}');
  return app;
}

async function openMypage(scenario: Partial<Scenario> = {}) {
  const app = await pickOnMypage(scenario);
  await screen.findAllByTestId('mypage-row');
  return app;
}

const rows = () => screen.getAllByTestId('mypage-row');
const kinds = () => new Set(rows().map((row) => row.dataset.kind));

describe('Mypage', () => {
  it('asks for a customer first and ignores an Enter that ends a syllable', async () => {
    const { user } = await renderApp();
    await openScreen(user, 'mypage');
    const search = await screen.findByTestId('mypage-search');
    await screen.findAllByTestId('mypage-pick');
    fireEvent.keyDown(search, { key: 'Enter', isComposing: true });
    fireEvent.keyDown(search, { key: 'Enter', keyCode: 229 });
    expect(screen.queryByTestId('mypage-balance')).toBeNull();
    await user.keyboard('{Enter}');
    expect(await screen.findByTestId('mypage-balance')).toBeInTheDocument();
  });

  it('names the customer that Enter would take to a screen reader', async () => {
    const { user } = await renderApp();
    await openScreen(user, 'mypage');
    const search = await screen.findByRole('combobox', { name: '고객 찾기' });
    const named = () => document.getElementById(search.getAttribute('aria-activedescendant') ?? '');
    const options = await screen.findAllByTestId('mypage-pick');
    expect(named()).toBe(options[0]);
    await user.keyboard('{ArrowDown}');
    expect(named()).toBe(options[1]);
    expect(options[1]).toHaveAttribute('aria-selected', 'true');
  });

  it('shows visits, payments and penalties in one list with their statuses', async () => {
    await openMypage();
    expect(screen.getByTestId('mypage-balance')).toHaveTextContent('1,240P');
    expect(screen.getByTestId('mypage-standing')).toHaveTextContent('흡연 가능');
    expect(kinds()).toEqual(new Set(['visit', 'payment', 'penalty', 'penaltyDeduction']));
    expect(screen.getAllByText('적립 완료').length).toBeGreaterThan(0);
    expect(screen.getAllByText('누적 완료').length).toBeGreaterThan(0);
    expect(screen.getAllByText('결제 완료').length).toBeGreaterThan(0);
  });

  it('shows points written off among the payments, with the terminal and the balance after them', async () => {
    for (const [language, kind, content] of [
      ['ko', '손실 처리', '단말 4 · 관리실에서 보유분을 넘겨 결제된 포인트'],
      ['en', 'Write-off', 'Points that 단말 4 · 관리실 paid beyond what it held'],
    ] as const) {
      const { user, unmount } = await renderApp({ sync: 'online', language });
      await openScreen(user, 'mypage');
      await user.type(await screen.findByTestId('mypage-search'), '9513');
      await waitFor(() => expect(screen.getAllByTestId('mypage-pick')).toHaveLength(1));
      await user.keyboard('{Enter}');
      await user.click(await screen.findByTestId('mypage-filter-payments'));
      await waitFor(() => expect(kinds()).toEqual(new Set(['writeOff', 'payment'])));
      const [row] = rows();
      expect(row).toHaveTextContent(kind);
      expect(row).toHaveTextContent(content);
      expect(row).toHaveTextContent('+80P100P');
      expect(screen.getByTestId('mypage-balance')).toHaveTextContent('100P');
      unmount();
    }
  });

  it('filters by kind and shows how many entries each kind has', async () => {
    const { user } = await openMypage();
    const filter = screen.getByTestId('mypage-filter-payments');
    const count = Number(filter.dataset.count);
    await user.click(filter);
    await waitFor(() => expect(kinds()).toEqual(new Set(['payment'])));
    expect(rows()).toHaveLength(count);
  });

  it('filters by two dates and shows an error for an invalid one', async () => {
    const { user } = await openMypage();
    const before = rows().length;
    const from = screen.getByTestId('mypage-from');
    await user.clear(from);
    await user.type(from, '2026-02-30');
    expect(screen.getByRole('alert')).toHaveTextContent('없는 날짜입니다');
    expect(rows()).toHaveLength(before);
    await user.clear(from);
    await user.type(from, '2999-01-01');
    expect(screen.getByRole('alert')).toHaveTextContent('종료일이 시작일보다 앞섭니다');
    const to = screen.getByTestId('mypage-to');
    await user.clear(to);
    await user.type(to, '29990102');
    await user.keyboard('{Enter}');
    await user.clear(from);
    await user.type(from, '29990101{Enter}');
    expect(await screen.findByText('이 기간에는 내역이 없습니다.')).toBeInTheDocument();
    await user.click(screen.getByText('전체 기간 보기'));
    await waitFor(() => expect(rows().length).toBeGreaterThanOrEqual(before));
  });

  it('voids a payment after a confirmation and says how many points came back', async () => {
    const { user, backend } = await openMypage();
    const { payments } = backend.world;
    const own = payments.find(({ points }) => points === 260);
    if (own) own.at = Date.now();
    backend.announce();
    const row = await waitFor(() => {
      const found = rows().find((one) => one.dataset.id === own?.paymentId);
      if (!found) throw new Error('not yet');
      return found;
    });
    await user.click(within(row).getByTestId('mypage-correct'));
    await user.click(await screen.findByTestId('correction-voidPayment'));
    await user.click(await screen.findByTestId('void-confirm'));
    expect(await screen.findByTestId('mypage-said')).toHaveTextContent('260 P가 돌아왔습니다');
    expect(own?.void).not.toBeNull();
    expect(backend.requests.at(-1)?.command).toMatchObject({ type: 'voidPayment', reason: 'mistaken' });
  });

  it('shows one error while its database is unreachable, and the entries afterwards', async () => {
    const { user, backend } = await pickOnMypage({ mypageFailure: 'mypage_unreachable' });
    const notice = await screen.findByTestId('error');
    expect(notice).toHaveAttribute('data-code', 'mypage_unreachable');
    expect(notice).toHaveTextContent('마이페이지만 쓸 수 없고 나머지는 모두 그대로 됩니다');
    expect(screen.getByTestId('mypage-balance')).toBeInTheDocument();
    backend.world.scenario.mypageFailure = null;
    await user.click(within(notice).getByRole('button'));
    await waitFor(() => expect(rows().length).toBeGreaterThan(0));
    await waitFor(() => expect(screen.queryByTestId('error')).toBeNull());
  });

  it('keeps the dialog open when a void fails and retries with the same key', async () => {
    const { user, backend } = await openMypage({ recordFailure: 'disk_full' });
    const [payment] = rows().filter((row) => row.dataset.kind === 'payment');
    await user.click(within(payment as HTMLElement).getByTestId('mypage-correct'));
    await user.click(await screen.findByTestId('correction-voidPayment'));
    await user.click(await screen.findByTestId('void-confirm'));
    expect(await screen.findByTestId('error')).toHaveAttribute('data-code', 'disk_full');
    await user.click(screen.getByTestId('void-confirm'));
    await waitFor(() => expect(backend.requests).toHaveLength(2));
    expect(backend.requests[0]?.idempotencyKey).toBe(backend.requests[1]?.idempotencyKey);
  });

  it('exports this customer by the keyboard and shows progress and file', async () => {
    const { user } = await openMypage();
    // The menu is hidden while its button is out of sight.
    const seen = vi.spyOn(screen.getByTestId('export-open'), 'scrollIntoView');
    await user.keyboard('{Control>}e{/Control}');
    expect(seen).toHaveBeenCalled();
    await waitFor(() => expect(screen.getByTestId('export-customer')).toHaveFocus());
    await user.keyboard('{Enter}');
    await waitFor(() => expect(screen.getByTestId('export-reason-masked')).toHaveFocus());
    await user.keyboard('{Enter}');
    await waitFor(() => expect(screen.getByTestId('job')).toHaveAttribute('data-state', 'done'));
    expect(screen.getByTestId('job')).toHaveTextContent('.csv');
  });

  it('fetches older entries while scrolling', async () => {
    const { backend } = await openMypage();
    const { world } = backend;
    const sample = world.visits.find(({ earned }) => earned);
    const customer = [...world.customers.values()].find(({ phone }) => phone?.endsWith('4821'));
    if (!sample || !customer) throw new Error('nobody');
    for (let i = 0; i < 250; i += 1) {
      const since = Date.now() - i * 3_600_000;
      world.visits.push({
        ...sample,
        visitId: `visit-${i}`,
        customerId: customer.customerId,
        since,
        end: { kind: 'checkOut', at: since + 60_000, by: sample.by },
      });
    }
    backend.announce();
    await waitFor(() =>
      expect(Number(screen.getByTestId('mypage-filter-all').dataset.count)).toBeGreaterThan(250),
    );
    const scroll = screen.getByTestId('mypage-scroll');
    const table = screen.getByRole('table', { name: /내역/ });
    expect(rows().length).toBeLessThan(80);
    for (let top = 2_000; top <= 12_000; top += 2_000) {
      scroll.scrollTop = top;
      fireEvent.scroll(scroll);
      await new Promise((resolve) => setTimeout(resolve, 30));
    }
    await waitFor(() => expect(table).toHaveTextContent('이 기간의 처음입니다.'));
  });

  it('explains the verdict on F9', async () => {
    const { user } = await openMypage();
    await user.keyboard('{F9}');
    expect(await screen.findByTestId('why-because')).toBeInTheDocument();
  });
});
