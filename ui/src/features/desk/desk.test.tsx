import { fireEvent, screen, waitFor, within } from '@testing-library/react';
import { beforeEach, describe, expect, it } from 'vitest';
import { renderApp } from '../../testing/render';

type App = Awaited<ReturnType<typeof renderApp>>;

const search = () => screen.findByTestId('search');
const shown = () => screen.findByTestId('customer-name-shown');
const lastCommand = ({ backend }: App) => backend.requests.at(-1)?.command;

/** Enters a search text at once, and waits until the search has selected its first result. */
async function find(text: string, name: string) {
  fireEvent.change(await search(), { target: { value: text } });
  await waitFor(async () => expect(await shown()).toHaveTextContent(name));
}

beforeEach(() => localStorage.clear());

describe('finding', () => {
  it('finds by initial consonants, and arrow keys change the selected customer', async () => {
    const { user } = await renderApp();
    await find('ㄱㅁㅅ', '고명숙');
    expect(screen.getAllByTestId('hit').map((hit) => hit.textContent)).toHaveLength(7);
    await user.keyboard('{ArrowDown}{ArrowDown}');
    await waitFor(() => expect(screen.getByTestId('customer-phone-shown')).toHaveTextContent('4821'));
    expect(screen.getByTestId('verdict')).toHaveAttribute('data-standing', 'ALLOWED');
  });

  it('selects the holder of a scanned card and records nothing', async () => {
    const app = await renderApp();
    await app.user.type(await search(), 'NS-2204-0391{Enter}');
    await waitFor(async () => expect(await shown()).toHaveTextContent('오재현'));
    expect(screen.getByTestId('verdict')).toHaveAttribute('data-standing', 'PROHIBITED');
    expect(screen.queryByRole('dialog')).toBeNull();
    expect(app.backend.requests).toEqual([]);
  });

  it('finds a card scanned while the keyboard is set to Hangul', async () => {
    await renderApp();
    await find('ㅜㄴ-2204-0391', '오재현');
  });

  it('offers to register a customer that it does not find', async () => {
    const { user } = await renderApp();
    fireEvent.change(await search(), { target: { value: '선우진' } });
    expect(await screen.findByTestId('no-hit')).toBeInTheDocument();
    await user.keyboard('{Control>}n{/Control}');
    expect(await screen.findByTestId('customer-name')).toHaveValue('선우진');
    await user.click(screen.getByTestId('customer-submit'));
    await waitFor(async () => expect(await shown()).toHaveTextContent('선우진'));
  });

  it('keeps a customer selected by hand when search results arrive later', async () => {
    const app = await renderApp({ latencyMs: 150 });
    const { user } = app;
    await find('ㄱㅁㅅ', '고명숙');
    fireEvent.change(await search(), { target: { value: '4821' } });
    const second = screen.getAllByTestId('hit')[1] as HTMLElement;
    const { customer } = second.dataset;
    await user.click(second);
    await waitFor(() => expect(screen.getAllByTestId('hit').length).toBeLessThan(7));
    const card = app.backend.customerCard(customer ?? '');
    expect(await shown()).toHaveTextContent((await card).customer.name ?? '');
    expect(screen.getByTestId('customer-phone-shown')).not.toHaveTextContent('4821');
    const active = screen.getAllByTestId('hit').filter(({ dataset }) => dataset.active);
    expect(active).toEqual([]);
  });

  it('says that a search takes too long for an action, and does nothing', async () => {
    const { user } = await renderApp({ latencyMs: 700 });
    await find('ㄱㅁㅅ', '고명숙');
    fireEvent.change(await search(), { target: { value: '4821' } });
    await user.keyboard('{F6}');
    expect(await screen.findByTestId('note')).toHaveTextContent('아직 고객을 찾는 중');
    await waitFor(async () => expect(await shown()).toHaveTextContent('김민수'));
    expect(screen.queryByRole('dialog')).toBeNull();
  });

  it('says why an action is impossible, and keeps its amount out of the search', async () => {
    const { user } = await renderApp();
    await find('2087', '권미선');
    await user.keyboard('{F3}60{Enter}');
    expect(screen.getByTestId('note')).toHaveTextContent('체크아웃: 지금은 할 수 없습니다. 지금 안에 없음');
    expect(await search()).toHaveValue('2087');
    expect(await shown()).toHaveTextContent('권미선');
    expect(screen.queryByRole('dialog')).toBeNull();
  });

  it('types what follows an action at once into its dialog, Enter too', async () => {
    const app = await renderApp();
    await find('1190', '강민석');
    await app.user.keyboard('{F4}60{Enter}');
    await waitFor(() => expect(app.backend.requests).toHaveLength(1));
    expect(lastCommand(app)).toMatchObject({ type: 'pay', points: 60 });
    expect(await screen.findByTestId('notice')).toHaveTextContent('강민석');
    expect(await search()).toHaveValue('1190');
  });

  it('ignores an Enter that only ends a Hangul syllable', async () => {
    const app = await renderApp();
    await find('4821', '김민수');
    fireEvent.keyDown(await search(), { key: 'Enter', keyCode: 229 });
    fireEvent.keyDown(await search(), { key: 'Enter', isComposing: true });
    fireEvent.keyDown(window, { key: 'F2', keyCode: 229 });
    expect(screen.queryByRole('dialog')).toBeNull();
    fireEvent.keyDown(await search(), { key: 'Enter' });
    expect(screen.queryByRole('dialog')).toBeNull();
    fireEvent.keyDown(await search(), { key: 'Enter' });
    expect(await screen.findByTestId('area-picker')).toBeInTheDocument();
    expect(app.backend.requests).toEqual([]);
  });

  it('clears on Escape, but not on the Escape that closes a dialog', async () => {
    const { user } = await renderApp();
    await find('4821', '김민수');
    await user.keyboard('{F9}');
    expect(await screen.findByTestId('why-because')).toBeInTheDocument();
    await user.keyboard('{Escape}');
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
    expect(await search()).toHaveValue('4821');
    await user.keyboard('{Escape}');
    expect(await search()).toHaveValue('');
    expect(screen.getByTestId('nobody')).toBeInTheDocument();
  });
});

describe('checking in and out', () => {
  it('checks in by F2 and a number, remembers the area, checks out and earns', async () => {
    const app = await renderApp();
    const { user, backend } = app;
    await find('1190', '강민석');
    await user.keyboard('{F2}');
    await screen.findByTestId('area-picker');
    await user.keyboard('2');
    expect(await screen.findByTestId('notice')).toHaveAttribute('data-kind', 'checkedIn');
    expect(lastCommand(app)).toMatchObject({ type: 'checkIn', areaId: backend.world.areas[1]?.areaId });

    await waitFor(() => expect(screen.getByTestId('action-check-out')).toHaveAttribute('data-primary'));
    expect(screen.getByTestId('action-check-in')).toHaveAttribute('aria-disabled');
    await user.keyboard('{F3}');
    await waitFor(() => expect(screen.getByTestId('notice')).toHaveTextContent('100 P가 곧 적립됩니다.'));
    await waitFor(() => expect(screen.getByTestId('balance')).toHaveTextContent('200'));
    expect(screen.getByTestId('action-check-in')).toHaveTextContent('2 서문');
  });

  it('checks out once, however often F3 is pressed', async () => {
    const app = await renderApp({ latencyMs: 20 });
    await find('7305', '김민수');
    await app.user.keyboard('{F3}{F3}{F3}');
    await screen.findByTestId('notice');
    await waitFor(() => expect(screen.getByTestId('action-check-out')).toHaveAttribute('aria-disabled'));
    await app.user.keyboard('{F3}');
    expect(screen.getByTestId('note')).toHaveTextContent('지금 안에 없음');
    expect(app.backend.requests).toHaveLength(1);
  });

  it('skips a full area', async () => {
    const app = await renderApp();
    const [first] = app.backend.world.areas;
    if (first) first.capacity = 6;
    app.backend.announce();
    await find('1190', '강민석');
    await app.user.keyboard('{F2}');
    await waitFor(() => expect(screen.getByTestId('pick-1')).toBeDisabled());
    expect(screen.getByTestId('pick-1')).toHaveTextContent('꽉 찼습니다');
    await app.user.keyboard('1');
    expect(app.backend.requests).toEqual([]);
    await app.user.keyboard('{Enter}');
    await screen.findByTestId('notice');
    expect(lastCommand(app)).toMatchObject({ areaId: app.backend.world.areas[1]?.areaId });
  });

  it('admits a prohibited customer only with a reason', async () => {
    const app = await renderApp();
    await find('2087', '권미선');
    expect(screen.getByTestId('action-deduct')).toHaveAttribute('data-primary');
    await app.user.keyboard('{F2}');
    await screen.findByTestId('override');
    await app.user.keyboard('1');
    expect(await screen.findByTestId('override-needed')).toBeInTheDocument();
    expect(app.backend.requests).toEqual([]);
    await app.user.click(screen.getByTestId('override-emergency'));
    await app.user.keyboard('1');
    await screen.findByTestId('notice');
    expect(lastCommand(app)).toMatchObject({ type: 'checkIn', admission: 'emergency' });
  });

  it('tells staff that admitting a banned customer needs a supervisor', async () => {
    await renderApp({ role: 'staff' });
    await find('2087', '권미선');
    expect(screen.getByTestId('action-check-in')).not.toHaveAttribute('aria-disabled');
    expect(screen.getByTestId('action-check-in')).toHaveTextContent('책임자 PIN 필요');
  });

  it('checks in a customer without a name and adds the name later', async () => {
    const app = await renderApp();
    await search();
    await waitFor(() => expect(screen.getByTestId('inside-total')).toHaveTextContent('13명'));
    await app.user.keyboard('{Control>}{Enter}{/Control}');
    await screen.findByTestId('area-picker');
    await app.user.keyboard('3');
    await waitFor(async () => expect(await shown()).toHaveTextContent('이름 없는 고객'));
    await app.user.click(screen.getByTestId('edit-customer'));
    await app.user.type(await screen.findByTestId('customer-name'), '선우진');
    await app.user.click(screen.getByTestId('customer-submit'));
    await waitFor(async () => expect(await shown()).toHaveTextContent('선우진'));
  });

  it('checks out everyone in an area after saying how many', async () => {
    const app = await renderApp();
    const buttons = await screen.findAllByTestId('everyone-out');
    await app.user.click(buttons[0] as HTMLElement);
    const dialog = await screen.findByRole('dialog');
    expect(dialog).toHaveTextContent('6명을 모두 체크아웃할까요?');
    await app.user.click(within(dialog).getByTestId('everyone-out-dialog-submit'));
    await waitFor(() => expect(screen.getByTestId('inside-total')).toHaveTextContent('7명'));
  });

  it('closes a forgotten visit without points', async () => {
    const app = await renderApp();
    await app.user.click(await screen.findByTestId('close-visit'));
    await app.user.click(await screen.findByTestId('close-visit-dialog-submit'));
    await screen.findByTestId('notice');
    expect(lastCommand(app)).toMatchObject({ type: 'closeVisit', reason: 'forgotten' });
  });

  it('shows that nothing was recorded, and retries with the same idempotency key', async () => {
    const app = await renderApp({ recordFailure: 'disk_full' });
    await find('7305', '김민수');
    await app.user.keyboard('{F3}');
    expect(await screen.findByTestId('error')).toHaveAttribute('data-code', 'disk_full');
    await app.user.keyboard('{F3}');
    await waitFor(() => expect(app.backend.requests).toHaveLength(2));
    const [first, second] = app.backend.requests;
    expect(second?.idempotencyKey).toBe(first?.idempotencyKey);
  });
});

describe('points and penalties', () => {
  it('pays, shows the remaining balance, and undoes the payment', async () => {
    const app = await renderApp();
    await find('1190', '강민석');
    await app.user.keyboard('{F4}');
    await app.user.type(await screen.findByTestId('pay-points'), '60');
    expect(screen.getByTestId('pay-remaining')).toHaveTextContent('40P');
    await app.user.keyboard('{Enter}');
    await waitFor(() => expect(screen.getByTestId('balance')).toHaveTextContent('40P'));
    expect(screen.getByTestId('notice')).toHaveTextContent('60 P를 결제했습니다. 잔액은 40 P입니다.');
    await app.user.keyboard('{Control>}z{/Control}');
    await waitFor(() => expect(screen.getByTestId('balance')).toHaveTextContent('100P'));
    expect(screen.getByTestId('notice')).toHaveAttribute('data-kind', 'paymentVoided');
    // The payment before it is another customer's, so it isn't undone without a question. A bouncing key asks nothing.
    await new Promise((resolve) => setTimeout(resolve, 600));
    await app.user.keyboard('{Control>}z{/Control}');
    expect(await screen.findByTestId('undo-dialog')).toBeInTheDocument();
  });

  it('says that there is nothing to undo', async () => {
    const app = await renderApp();
    app.backend.world.records.length = 0;
    await search();
    await app.user.keyboard('{Control>}z{/Control}');
    await waitFor(() => expect(screen.getByTestId('notice')).toHaveAttribute('data-kind', 'nothingToUndo'));
  });

  it('refuses more than the balance before anything is sent', async () => {
    const app = await renderApp();
    await find('1190', '강민석');
    await app.user.keyboard('{F4}');
    await app.user.type(await screen.findByTestId('pay-points'), '101');
    expect(screen.getByTestId('pay-submit')).toBeDisabled();
    expect(screen.getByText('포인트가 부족합니다. 잔액은 100 P입니다.')).toBeInTheDocument();
    expect(app.backend.requests).toEqual([]);
  });

  it('shows the holder of points and when it was last connected if a payment is refused', async () => {
    const app = await renderApp({ sync: 'offline' });
    await find('3917', '오재현');
    await app.user.keyboard('{F4}');
    await app.user.type(await screen.findByTestId('pay-points'), '300{Enter}');
    const error = await screen.findByTestId('error');
    expect(error).toHaveAttribute('data-code', 'held_elsewhere');
    expect(error).toHaveTextContent('지금 이 단말에서는 120 P까지만 쓸 수 있습니다.');
    expect(within(error).getByTestId('holder')).toHaveTextContent(
      '단말 2 · 서문 입구에 200 P, 마지막 연결 1시간 35분 전',
    );
    expect(error).toHaveTextContent('나머지가 있는 단말이 연결된 뒤 다시 해 주세요');
  });

  it('imposes a penalty by a number key until the ban, then lifts it by education', async () => {
    const app = await renderApp();
    await find('7305', '김민수');
    expect(screen.getByTestId('verdict')).toHaveAttribute('data-standing', 'WARNED');
    await app.user.keyboard('{F6}');
    await screen.findByTestId('impose-dialog');
    await app.user.keyboard('2');
    await waitFor(() => expect(screen.getByTestId('outlook')).toHaveTextContent('흡연 금지'));
    await app.user.click(screen.getByTestId('impose-submit'));
    await waitFor(() => expect(screen.getByTestId('verdict')).toHaveAttribute('data-standing', 'PROHIBITED'));
    expect(lastCommand(app)).toMatchObject({ type: 'imposePenalty', code: 'REPEAT' });
    await app.user.keyboard('{F7}');
    expect(await screen.findByTestId('deduct-points')).toHaveValue('10');
    expect(screen.getByTestId('deduct-lift')).toHaveTextContent('금지가 풀립니다');
    await app.user.click(screen.getByTestId('deduct-submit'));
    await waitFor(() => expect(screen.getByTestId('verdict')).toHaveAttribute('data-standing', 'WARNED'));
    expect(lastCommand(app)).not.toHaveProperty('points');
  });

  it('says that payments are stopped while check-in works', async () => {
    const app = await renderApp({ services: 'stopped' });
    await find('1190', '강민석');
    await app.user.keyboard('{F4}');
    await app.user.type(await screen.findByTestId('pay-points'), '10{Enter}');
    const error = await screen.findByTestId('error');
    expect(error).toHaveAttribute('data-code', 'point_unavailable');
    expect(error).toHaveTextContent('기록된 것은 없습니다. 체크인과 체크아웃은 됩니다.');
    expect(error).toHaveTextContent('관리자에게 서비스 화면에서 시작해 달라고 요청해 주세요');
    await app.user.keyboard('{Escape}');
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
    await app.user.keyboard('{F2}');
    await screen.findByTestId('area-picker');
    await app.user.keyboard('1');
    expect(await screen.findByTestId('notice')).toHaveAttribute('data-kind', 'checkedIn');
  });
});

describe('a stopped context', () => {
  it.each([
    ['pay', '결제가 점검을 위해 중지되어 있습니다.'],
    ['penalty', '패널티 처리가 점검을 위해 중지되어 있습니다.'],
  ] as const)('%s shows in its dialog that nothing was recorded and what to do', async (context, title) => {
    const app = await renderApp();
    await app.backend.stopContext({ name: context, reason: null });
    await find('1190', '강민석');
    if (context === 'pay') {
      await app.user.keyboard('{F4}');
      await app.user.type(await screen.findByTestId('pay-points'), '10{Enter}');
    } else {
      await app.user.keyboard('{F6}');
      await screen.findByTestId('impose-dialog');
      await app.user.keyboard('1');
      await app.user.click(screen.getByTestId('impose-submit'));
    }
    const error = await screen.findByTestId('error');
    expect(error).toHaveAttribute('data-code', 'context_stopped');
    expect(error).toHaveTextContent(title);
    expect(error).toHaveTextContent('기록된 것은 없고, 나머지 서비스는 그대로 됩니다.');
    expect(error).toHaveTextContent('관리자에게 서비스 화면에서 다시 시작해 달라고 요청해 주세요.');
  });
});

describe('the list of everyone inside', () => {
  it('lists everyone for an evacuation', async () => {
    const { user } = await renderApp();
    await user.click(await screen.findByTestId('evacuation'));
    expect(await screen.findAllByTestId('evacuation-row')).toHaveLength(13);
    expect(screen.getByRole('dialog')).toHaveTextContent('한빛역 환승센터 대피 명단');
  });

  it('shows changes recorded in another window', async () => {
    const { backend } = await renderApp();
    await find('1190', '강민석');
    const customer = [...backend.world.customers.values()].find(({ name }) => name === '강민석');
    if (customer) customer.name = '강민석(개명)';
    backend.announce({ customers: [customer?.customerId ?? ''] });
    await waitFor(async () => expect(await shown()).toHaveTextContent('강민석(개명)'));
  });
});
