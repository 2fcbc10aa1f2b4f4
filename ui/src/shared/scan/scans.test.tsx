import { fireEvent, screen, waitFor } from '@testing-library/react';
import { beforeEach, describe, expect, it } from 'vitest';
import { press, rest, scan } from '../../testing/keys';
import { renderApp } from '../../testing/render';
import { DEFAULT_SCANNER } from './runs';
import { saveScanner } from './scannerSettings';

type App = Awaited<ReturnType<typeof renderApp>>;

/** 오재현, prohibited; and 강민석, who has 100 P and is outside. */
const OH = 'NS-2204-0391';

const inHand = () => screen.findByTestId('customer-name-shown');
const isInHand = (name: string) => waitFor(async () => expect(await inHand()).toHaveTextContent(name));
const settle = () => new Promise((resolve) => setTimeout(resolve, 250));
const cardOf = ({ backend }: App, name: string) =>
  [...backend.world.customers.values()].find((customer) => customer.name === name)?.card ?? '';

async function find(text: string, name: string) {
  fireEvent.change(await screen.findByTestId('search'), { target: { value: text } });
  await isInHand(name);
}

/** Opens the desk with 강민석 in hand. */
async function withKang() {
  const app = await renderApp();
  await find('1190', '강민석');
  return app;
}

beforeEach(() => {
  localStorage.clear();
  saveScanner(DEFAULT_SCANNER);
});

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
    scan(cardOf(app, '고명숙'), { suffix: [] });
    await isInHand('고명숙');
    expect(screen.getByTestId('search')).toHaveValue(cardOf(app, '고명숙'));
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

  it('is followed by F2 at once, which waits for the person', async () => {
    const app = await renderApp({ latencyMs: 40 });
    await find('7305', '김민수');
    const kang = [...app.backend.world.customers.values()].find(({ name }) => name === '강민석');
    if (kang) kang.card = 'NS-1190-0001';
    scan('NS-1190-0001');
    press('F2', { after: 10 });
    expect(screen.queryByTestId('area-picker')).toBeNull();
    expect(await screen.findByTestId('area-picker')).toHaveTextContent('강민석');
    press('Enter');
    await screen.findByTestId('notice');
    expect(app.backend.requests).toHaveLength(1);
  });

  it('of nobody leaves nobody in hand, and is the card of a new customer', async () => {
    const app = await withKang();
    scan('8801234567890');
    expect(await screen.findByTestId('no-hit')).toHaveTextContent('등록되지 않은 카드입니다');
    expect(screen.getByTestId('nobody')).toBeInTheDocument();
    press('F2');
    expect(await screen.findByTestId('note')).toHaveTextContent('먼저 고객을 찾아 주세요');
    await app.user.keyboard('{Control>}n{/Control}');
    expect(await screen.findByTestId('customer-card')).toHaveValue('8801234567890');
    expect(screen.getByTestId('customer-phone')).toHaveValue('');
  });

  it('finds a card in spite of prefixes, and offers one with other leading zeros', async () => {
    const app = await renderApp();
    await screen.findByTestId('search');
    const kang = [...app.backend.world.customers.values()].find(({ name }) => name === '강민석');
    if (kang) kang.card = '00000391';
    saveScanner({ ...DEFAULT_SCANNER, prefix: '~' });
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
    const kang = [...app.backend.world.customers.values()].find(({ name }) => name === '강민석');
    if (kang) kang.card = '4821';
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

describe('a scan while a dialog is open', () => {
  it.each([
    ['the area picker', 'F2', 'area-picker'],
    ['a payment', 'F4', 'pay-dialog'],
    ['a penalty', 'F6', 'impose-dialog'],
    ['the reasons', 'F9', 'why'],
  ])('closes %s untouched, takes the person, and records nothing', async (_, key, dialog) => {
    for (const scanning of [{}, { hangul: true }, { gapMs: 45, suffix: ['Tab'] }, { suffix: [] }]) {
      const app = await withKang();
      press(key);
      await screen.findByTestId(dialog);
      await waitFor(() => expect(screen.queryByRole('dialog')).not.toBeNull());
      scan(OH, scanning);
      await isInHand('오재현');
      await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
      await settle();
      expect(app.backend.requests).toEqual([]);
      app.unmount();
    }
  });

  it('does not choose by its digits, at a pace at which each could be a choice', async () => {
    const app = await withKang();
    press('F2');
    await screen.findByTestId('area-picker');
    scan('22223333', { gapMs: 50 });
    await screen.findByTestId('no-hit');
    await settle();
    expect(app.backend.requests).toEqual([]);
  });

  it('asks where something was typed, and keeps it for a stray Enter', async () => {
    const app = await withKang();
    press('F4');
    await app.user.type(await screen.findByTestId('pay-points'), '6');
    scan(OH);
    expect(await screen.findByTestId('scan-question')).toHaveTextContent('오재현 님의 카드입니다');
    expect(screen.getByTestId('pay-points')).toHaveValue('6');
    scan(OH);
    press('Enter', { after: 200 });
    await settle();
    expect(app.backend.requests).toEqual([]);
    expect(screen.getByTestId('scan-question')).toBeInTheDocument();
    press('Enter', { after: 1_500 });
    await waitFor(() => expect(screen.queryByTestId('scan-question')).toBeNull());
    expect(screen.getByTestId('pay-points')).toHaveValue('6');
    expect(await inHand()).toHaveTextContent('강민석');
    expect(app.backend.requests).toEqual([]);
  });

  it('drops what was typed only when told to', async () => {
    const app = await withKang();
    press('F4');
    await app.user.type(await screen.findByTestId('pay-points'), '6');
    scan(OH);
    await app.user.click(await screen.findByTestId('scan-switch'));
    await isInHand('오재현');
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
    expect(app.backend.requests).toEqual([]);
  });

  it('leaves Escape to the question, and the dialog open', async () => {
    const app = await withKang();
    press('F4');
    await app.user.type(await screen.findByTestId('pay-points'), '6');
    scan(OH);
    await screen.findByTestId('scan-question');
    await app.user.keyboard('{Escape}');
    await waitFor(() => expect(screen.queryByTestId('scan-question')).toBeNull());
    expect(screen.getByTestId('pay-points')).toHaveValue('6');
  });

  it('waits for what is being recorded, and then takes the person', async () => {
    const app = await renderApp({ latencyMs: 150 });
    await find('1190', '강민석');
    press('F4');
    await app.user.type(await screen.findByTestId('pay-points'), '60');
    press('Enter', { after: 300 });
    scan(OH);
    expect(await screen.findByTestId('notice')).toHaveTextContent('60 P를 결제했습니다');
    await waitFor(() => expect(screen.queryByTestId('pay-dialog')).toBeNull());
    await isInHand('오재현');
    expect(app.backend.requests).toHaveLength(1);
  });

  it('fills the card field of a new customer, never the name', async () => {
    const app = await withKang();
    await app.user.keyboard('{Control>}n{/Control}');
    await app.user.type(await screen.findByTestId('customer-name'), '선우');
    scan('NS-9999-0001', { hangul: true });
    await waitFor(() => expect(screen.getByTestId('customer-card')).toHaveValue('NS-9999-0001'));
    expect(screen.getByTestId('customer-name')).toHaveValue('선우');
    await settle();
    expect(app.backend.requests).toEqual([]);
    screen.getByTestId('customer-card').focus();
    scan(']C1NS-9999-0002');
    expect(screen.getByTestId('customer-card')).toHaveValue('NS-9999-0002');
    scan(OH);
    expect(screen.getByTestId('customer-card')).toHaveValue(OH);
    expect(app.backend.requests).toEqual([]);
  });

  it('asks about somebody’s card while a new customer is typed', async () => {
    const app = await withKang();
    await app.user.keyboard('{Control>}n{/Control}');
    await app.user.type(await screen.findByTestId('customer-name'), '선우');
    scan(OH);
    expect(await screen.findByTestId('scan-question')).toHaveTextContent('오재현');
    expect(screen.getByTestId('customer-name')).toHaveValue('선우');
    expect(screen.getByTestId('customer-card')).toHaveValue('');
  });

  it('confirms nothing: everyone stays inside', async () => {
    const app = await withKang();
    await app.user.click(screen.getAllByTestId('everyone-out')[0] as HTMLElement);
    await screen.findByTestId('everyone-out-dialog');
    scan(OH);
    await isInHand('오재현');
    expect(app.backend.requests).toEqual([]);
  });
});

describe('a scan on another screen', () => {
  it('shows the person on Mypage', async () => {
    await withKang();
    press('F8');
    await screen.findByTestId('mypage-screen');
    scan(OH);
    await waitFor(() => expect(screen.getByTestId('mypage-screen')).toHaveTextContent('오재현'));
    scan('NS-0000-0000');
    expect(await screen.findByTestId('note')).toHaveTextContent('등록되지 않은 카드입니다: NS-0000-0000');
    expect(screen.getByTestId('mypage-screen')).toHaveTextContent('오재현');
  });

  it('shows the person on Customers, twice in a row, and opens no form', async () => {
    const app = await renderApp();
    await app.user.click(await screen.findByTestId('rail-customers'));
    await screen.findByTestId('customers-search');
    for (const name of ['오재현', '고명숙', '오재현']) {
      scan(cardOf(app, name));
      await waitFor(() => expect(screen.getByTestId('customer-detail')).toHaveTextContent(name));
      expect(screen.getByTestId('customers-search')).toHaveValue(cardOf(app, name));
    }
    scan('NS-0000-0000');
    await screen.findByText(/등록되지 않은 카드입니다/);
    expect(screen.queryByTestId('customer-detail')).toBeNull();
    await app.user.keyboard('{Control>}n{/Control}');
    expect(await screen.findByTestId('customer-card')).toHaveValue('NS-0000-0000');
  });

  it('renames nothing in Settings, and leads to the person at the desk', async () => {
    const app = await renderApp();
    await app.user.click(await screen.findByTestId('rail-settings'));
    const name = await screen.findByTestId('settings-facility-name');
    const before = (name as HTMLInputElement).value;
    name.focus();
    scan(OH, { hangul: true });
    await isInHand('오재현');
    expect(screen.getByTestId('desk-screen')).toBeInTheDocument();
    expect(app.backend.world.facility.name).toBe(before);
    expect(app.backend.requests).toEqual([]);
  });

  it('asks before it leaves something typed in Settings', async () => {
    const app = await renderApp();
    await app.user.click(await screen.findByTestId('rail-settings'));
    const name = await screen.findByTestId('settings-facility-name');
    await app.user.type(name, '!');
    const typed = (name as HTMLInputElement).value;
    scan('NS-0000-0000');
    expect(await screen.findByTestId('scan-question')).toHaveTextContent('등록되지 않은 카드입니다');
    expect(name).toHaveValue(typed);
    await app.user.click(screen.getByTestId('scan-switch'));
    expect(await screen.findByTestId('no-hit')).toBeInTheDocument();
    expect(screen.getByTestId('search')).toHaveValue('NS-0000-0000');
  });

  it('closes the palette and writes nothing there', async () => {
    const app = await renderApp();
    await screen.findByTestId('search');
    await app.user.keyboard('{Control>}k{/Control}');
    await screen.findByTestId('palette-search');
    scan(OH);
    await isInHand('오재현');
    await waitFor(() => expect(screen.queryByTestId('palette-search')).toBeNull());
  });
});
