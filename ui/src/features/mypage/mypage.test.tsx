import { fireEvent, screen, waitFor, within } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import type { Scenario } from '../../backend/mock';
import { renderApp } from '../../testing/render';

/** Mypage of the 김민수 whose phone ends in 4821. */
async function pickOnMypage(scenario: Partial<Scenario>) {
  const app = await renderApp(scenario);
  await app.user.click(await screen.findByTestId('rail-mypage'));
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
  it('asks for a customer first, and an Enter that ends a syllable picks nobody', async () => {
    const { user } = await renderApp();
    await user.click(await screen.findByTestId('rail-mypage'));
    const search = await screen.findByTestId('mypage-search');
    await screen.findAllByTestId('mypage-pick');
    fireEvent.keyDown(search, { key: 'Enter', isComposing: true });
    fireEvent.keyDown(search, { key: 'Enter', keyCode: 229 });
    expect(screen.queryByTestId('mypage-balance')).toBeNull();
    await user.keyboard('{Enter}');
    expect(await screen.findByTestId('mypage-balance')).toBeInTheDocument();
  });

  it('shows visits, payments and penalties in one order with their statuses in words', async () => {
    await openMypage();
    expect(screen.getByTestId('mypage-balance')).toHaveTextContent('1,240P');
    expect(screen.getByTestId('mypage-standing')).toHaveTextContent('흡연 가능');
    expect(kinds()).toEqual(new Set(['visit', 'payment', 'penalty', 'penaltyDeduction']));
    expect(screen.getAllByText('적립 완료').length).toBeGreaterThan(0);
    expect(screen.getAllByText('누적 완료').length).toBeGreaterThan(0);
    expect(screen.getAllByText('차감 완료').length).toBeGreaterThan(0);
  });

  it('filters, with the number of each kind beside it', async () => {
    const { user } = await openMypage();
    const filter = screen.getByTestId('mypage-filter-payments');
    const count = Number(filter.dataset.count);
    await user.click(filter);
    await waitFor(() => expect(kinds()).toEqual(new Set(['payment'])));
    expect(rows()).toHaveLength(count);
  });

  it('takes two Seoul dates, and says in place when one is no date', async () => {
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

  it('voids a payment after asking, and says what came back', async () => {
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
    await user.click(within(row).getByTestId('mypage-void'));
    await user.click(await screen.findByTestId('void-confirm'));
    expect(await screen.findByTestId('mypage-said')).toHaveTextContent('260 P가 돌아왔습니다');
    expect(own?.voided).toBe(true);
    expect(backend.requests.at(-1)?.command).toMatchObject({ type: 'voidPayment', reason: 'mistaken' });
  });

  it('says once that its database is away, and shows the lines when it is back', async () => {
    const { user, backend } = await pickOnMypage({ mypageFailure: 'mypage_unreachable' });
    const notice = await screen.findByTestId('error');
    expect(notice).toHaveAttribute('data-code', 'mypage_unreachable');
    expect(notice).toHaveTextContent('다른 일은 모두 그대로 됩니다');
    expect(screen.getByTestId('mypage-balance')).toBeInTheDocument();
    backend.world.scenario.mypageFailure = null;
    await user.click(within(notice).getByRole('button'));
    await waitFor(() => expect(rows().length).toBeGreaterThan(0));
    await waitFor(() => expect(screen.queryByTestId('error')).toBeNull());
  });

  it('keeps the question open when the void is refused, and tries again under the same key', async () => {
    const { user, backend } = await openMypage({ recordFailure: 'disk_full' });
    await user.click((await screen.findAllByTestId('mypage-void'))[0] as HTMLElement);
    await user.click(await screen.findByTestId('void-confirm'));
    expect(await screen.findByTestId('error')).toHaveAttribute('data-code', 'disk_full');
    await user.click(screen.getByTestId('void-confirm'));
    await waitFor(() => expect(backend.requests).toHaveLength(2));
    expect(backend.requests[0]?.idempotencyKey).toBe(backend.requests[1]?.idempotencyKey);
  });

  it('exports this customer by the keyboard, tells how far it is and where the file went', async () => {
    const { user } = await openMypage();
    await user.keyboard('{Control>}e{/Control}');
    await waitFor(() => expect(screen.getByTestId('export-customer')).toHaveFocus());
    await user.keyboard('{Enter}');
    await waitFor(() => expect(screen.getByTestId('job')).toHaveAttribute('data-state', 'done'));
    expect(screen.getByTestId('job')).toHaveTextContent('.csv');
  });

  it('fetches older lines on the way down, each once', async () => {
    const { backend } = await openMypage();
    const { world } = backend;
    const sample = world.visits.find(({ status }) => status === 'EARNED');
    const customer = [...world.customers.values()].find(({ phone }) => phone?.endsWith('4821'));
    if (!sample || !customer) throw new Error('nobody');
    for (let i = 0; i < 250; i += 1) {
      const since = Date.now() - i * 3_600_000;
      world.visits.push({
        ...sample,
        visitId: `visit-${i}`,
        customerId: customer.customerId,
        since,
        endedAt: since + 60_000,
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
