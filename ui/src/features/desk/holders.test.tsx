import { fireEvent, screen, waitFor, within } from '@testing-library/react';
import { beforeEach, describe, expect, it } from 'vitest';
import type { HolderView } from '../../backend';
import { createMockBackend, type Scenario } from '../../backend/mock';
import { renderApp } from '../../testing/render';

const HOUR_MS = 3_600_000;
const LONG_NAME = '국제여객터미널 제2여객동 북측 옥외 흡연구역 관리 데스크 보조 단말';

beforeEach(() => localStorage.clear());

const holder = (points: number, more: Partial<HolderView> = {}): HolderView => ({
  terminalName: '단말 2',
  points,
  lastHeardAt: Date.now(),
  gives: true,
  earlier: false,
  here: false,
  ...more,
});
const EARLIER = { gives: false, earlier: true };
const HERE = { ...EARLIER, here: true, terminalName: '단말 1', lastHeardAt: null };

/** Opens the card of a customer with 100 P here, and the rest at these holders. */
async function openCard(holders: HolderView[], scenario: Partial<Scenario> = {}) {
  const given = { sync: 'online', ...scenario } as const;
  const backend = createMockBackend(given);
  const customer = [...backend.world.customers.values()].find(({ phone }) => phone?.endsWith('1190'));
  if (!customer) throw new Error('no customer');
  customer.holders = holders;
  const app = await renderApp(given, backend);
  fireEvent.change(await screen.findByTestId('search'), { target: { value: '1190' } });
  await waitFor(() => expect(screen.getByTestId('customer-name-shown')).toHaveTextContent('강민석'));
  return { ...app, customer };
}

async function openPay(holders: HolderView[], points: number, scenario: Partial<Scenario> = {}) {
  const app = await openCard(holders, scenario);
  await app.user.keyboard('{F4}');
  await app.user.type(await screen.findByTestId('pay-points'), String(points));
  return app;
}

const lines = () =>
  screen.getAllByTestId('holder').map(({ textContent }) => textContent?.replaceAll('\u00a0', ' '));

describe('where the other points of a customer are', () => {
  it.each([
    ['a terminal that gives', {}, '단말 2에 320 P'],
    ['one that does not give', { gives: false }, '단말 2에 320 P, 지금은 보내지 않음'],
    ['a silent one', { lastHeardAt: Date.now() - 3 * HOUR_MS }, '단말 2에 320 P, 마지막 연결 3시간 전'],
    ['one that was never heard', { lastHeardAt: null }, '단말 2에 320 P, 연결된 적 없음'],
    ['one without a name', { terminalName: null }, '다른 단말에 320 P'],
    [
      'earlier data of another',
      EARLIER,
      '단말 2의 예전 자료에 320 P, 관리자가 동기화 화면에서 회수할 수 있음',
    ],
    [
      'earlier data of this one',
      HERE,
      '이 단말의 예전 자료에 320 P, 관리자가 동기화 화면에서 회수할 수 있음',
    ],
  ] as const)('says in a line: %s', async (_, more, words) => {
    await openCard([holder(320, more)]);
    expect(await screen.findByTestId('points-elsewhere')).toHaveTextContent('다른 곳에 있는 포인트');
    expect(lines()).toEqual([words]);
    expect(screen.getByTestId('balance-detail')).toHaveTextContent('지금 여기서 100 P까지');
  });

  it('lists a terminal beside its earlier data, which one reclaim takes over', async () => {
    await openCard([holder(20), holder(30, EARLIER), holder(5, EARLIER), holder(1, HERE)]);
    await screen.findByTestId('points-elsewhere');
    expect(lines()).toEqual([
      '단말 2에 20 P',
      '단말 2의 예전 자료에 35 P, 관리자가 동기화 화면에서 회수할 수 있음',
      '이 단말의 예전 자료에 1 P, 관리자가 동기화 화면에서 회수할 수 있음',
    ]);
  });

  it('sums a long list up, those who give first, and keeps whole names in the tooltip', async () => {
    const silent = { lastHeardAt: Date.now() - 3 * HOUR_MS };
    await openCard([
      holder(900, { ...silent, terminalName: '단말 7' }),
      holder(800, { ...silent, terminalName: '단말 8' }),
      holder(20, { terminalName: LONG_NAME }),
      holder(700, { ...silent, terminalName: '단말 9' }),
    ]);
    await screen.findByTestId('points-elsewhere');
    const [first, second] = screen.getAllByTestId('holder');
    expect(first).toHaveTextContent('국제여객터미널 제2여…스크 보조 단말에 20 P');
    expect(first).toHaveAttribute('title', expect.stringContaining(LONG_NAME));
    expect(second).toHaveTextContent('단말 7에 900 P');
    expect(screen.getByTestId('holders-rest')).toHaveTextContent('그 밖의 2곳에 1,500 P');
  });

  it('says on the pay button if a manager has to reclaim all there is', async () => {
    const app = await openCard([holder(50, HERE)]);
    app.customer.received = -100;
    app.backend.announce();
    await waitFor(() =>
      expect(screen.getByTestId('action-pay')).toHaveTextContent('관리자가 먼저 회수해야 함'),
    );
    expect(screen.getByTestId('balance-detail')).toHaveTextContent('지금 여기서 쓸 포인트 없음');
  });
});

describe('a payment that needs points of other terminals', () => {
  it('says that they are requested, and how many can be paid if too few give', async () => {
    const { user } = await openPay([holder(50), holder(200, { gives: false })], 150);
    expect(screen.getByTestId('pay-caution')).toHaveTextContent('100 P를 넘는 만큼은 다른 단말에 요청합니다');
    await user.type(screen.getByTestId('pay-points'), '{Backspace}1');
    expect(screen.getByTestId('pay-caution')).toHaveTextContent('지금 여기서 150 P까지 결제할 수 있습니다');
    expect(within(screen.getByTestId('pay-caution')).getAllByTestId('holder')).toHaveLength(2);
  });

  it('names the terminal while it waits, for screen readers too, and pays once', async () => {
    const { user, backend } = await openPay([holder(50), holder(7, EARLIER)], 150, { askMs: 1_200 });
    expect(screen.getByTestId('pay-status')).toHaveTextContent('');
    await user.keyboard('{Enter}');
    expect(screen.queryByTestId('pay-asking')).toBeNull();
    expect(await screen.findByTestId('pay-asking')).toHaveTextContent(
      '단말 2에 포인트를 요청하는 중… 최대 3초',
    );
    expect(screen.getByTestId('pay-status')).toHaveTextContent('단말 2에 포인트를 요청하는 중… 최대 3초');
    expect(screen.getByTestId('pay-status')).toHaveAttribute('role', 'status');
    // A hurried person: the amount stays as it was sent, nothing is sent twice, and the dialog stays.
    await user.keyboard('9{Enter}{Enter}{Escape}');
    expect(screen.getByTestId('pay-points')).toHaveValue('150');
    expect(screen.getByTestId('pay-asking')).toBeInTheDocument();
    expect(await screen.findByTestId('notice')).toHaveTextContent('150 P를 결제했습니다');
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
    expect(backend.requests).toHaveLength(1);
  });

  it('keeps what it shows while it waits, although the points arrive meanwhile', async () => {
    const { user, backend, customer } = await openPay([holder(50)], 150, { askMs: 1_500 });
    await user.keyboard('{Enter}');
    await screen.findByTestId('pay-asking');
    Object.assign(customer, { received: 50, holders: [] });
    backend.announce({ customers: [customer.customerId] });
    await waitFor(() => expect(screen.getByTestId('balance-detail')).toHaveTextContent('모두 결제 가능'));
    expect(screen.getByTestId('pay-payable')).toHaveTextContent('100P');
    expect(screen.getByTestId('pay-asking')).toBeInTheDocument();
  });

  it('counts the terminals if several are asked', async () => {
    const { user } = await openPay([holder(50), holder(60, { terminalName: '단말 3' })], 200, {
      askMs: 600,
    });
    await user.keyboard('{Enter}');
    expect(await screen.findByTestId('pay-asking')).toHaveTextContent(
      '다른 단말 2대에 포인트를 요청하는 중… 최대 3초',
    );
  });

  it('says at once who could give none, and Escape then closes the dialog', async () => {
    const { user } = await openPay([holder(50, { gives: false })], 150, { askMs: 5_000 });
    await user.keyboard('{Enter}');
    const error = await screen.findByTestId('error');
    expect(error).toHaveAttribute('data-code', 'held_elsewhere');
    expect(within(error).getByTestId('holder')).toHaveTextContent('단말 2에 50 P, 지금은 보내지 않음');
    expect(screen.queryByTestId('pay-caution')).toBeNull();
    await user.keyboard('{Escape}');
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
  });

  it('says that a manager has to reclaim the rest if nobody else holds any', async () => {
    const { user } = await openPay([holder(50, HERE)], 150);
    await user.keyboard('{Enter}');
    expect(await screen.findByTestId('error')).toHaveTextContent(
      '관리자가 나머지를 회수한 뒤 다시 해 주세요',
    );
  });
});

describe('Mypage', () => {
  it('says where the other points are', async () => {
    const { user } = await openCard([holder(50), holder(30, HERE)]);
    await user.keyboard('{F8}');
    const notices = await screen.findByTestId('mypage-notices');
    expect(notices).toHaveTextContent('지금 여기서 100 P까지 결제할 수 있습니다.');
    expect(within(notices).getAllByTestId('holder')).toHaveLength(2);
  });
});
