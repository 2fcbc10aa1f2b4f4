import { fireEvent, screen, waitFor, within } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import { MANY_PAYMENTS } from '../../backend/mock/printing';
import { customerNamed } from '../../testing/desk';
import { scan } from '../../testing/keys';
import { openScreen } from '../../testing/places';
import { renderApp } from '../../testing/render';

const printed = ({ backend }: Awaited<ReturnType<typeof renderApp>>) => backend.world.printer.printed;

async function openReceipts(scenario: NonNullable<Parameters<typeof renderApp>[0]>) {
  const app = await renderApp(scenario);
  await openScreen(app.user, 'receipts');
  await screen.findByTestId('receipts-screen');
  return app;
}

describe('Receipts', () => {
  it('are printed for the customer who was found', async () => {
    const app = await openReceipts({ printer: 'ready' });
    const all = await screen.findAllByTestId('receipts-entry');
    const name = all[0]?.querySelectorAll('td')[1]?.textContent ?? '';
    await app.user.type(screen.getByTestId('receipts-search'), name);
    await waitFor(() => expect(screen.getAllByTestId('receipts-hit')[0]).toBeEnabled());
    await app.user.click(screen.getAllByTestId('receipts-hit')[0] as HTMLElement);
    await screen.findByTestId('receipts-everybody');
    await waitFor(() => {
      for (const row of screen.getAllByTestId('receipts-entry')) expect(row).toHaveTextContent(name);
    });
    const row = screen.getAllByTestId('receipts-entry')[0] as HTMLElement;
    await app.user.click(within(row).getByTestId('receipts-print'));
    await waitFor(() => expect(printed(app)).toHaveLength(1));
    expect(printed(app)[0]?.reprint).toBe(false);
    expect(screen.getByTestId('note')).toHaveTextContent('프린터로 보냈습니다');
  });

  it('that failed say why, and are printed again or discarded', async () => {
    const app = await openReceipts({ printer: 'away' });
    const list = await screen.findByTestId('slips-waiting');
    expect(list).toHaveTextContent('프린터가 답하지 않습니다');
    app.backend.world.printer.fault = null;
    await app.user.click(within(list).getByTestId('slip-again'));
    await waitFor(() => expect(screen.queryByTestId('slips-waiting')).toBeNull());
  });

  it('that fail are said once, wherever one is', async () => {
    const app = await renderApp({ printer: 'away' });
    await app.user.click((await screen.findAllByTestId('recent-print'))[0] as HTMLElement);
    await waitFor(() => expect(screen.getByTestId('note')).toHaveTextContent('인쇄 실패'));
    expect(app.backend.world.printer.waiting).toHaveLength(2);
    expect(app.backend.world.printer.waiting[1]?.kind).toMatch(/receipt|penalty/);
  });

  it('that fail stay at the desk with customer, time and reason until they are printed or discarded', async () => {
    const app = await renderApp({ printer: 'away' });
    const list = await screen.findByTestId('slips-failed');
    expect(list).toHaveTextContent(/결제 영수증 · 오○현 · \d\d:\d\d/);
    expect(list).toHaveTextContent('프린터가 답하지 않습니다');
    // Still away: it looks as before, so it is said.
    await app.user.click(within(list).getByTestId('slip-again'));
    await waitFor(() => expect(screen.getByTestId('note')).toHaveTextContent('인쇄 실패'));
    await app.user.click(within(list).getByTestId('slip-discard'));
    await waitFor(() => expect(screen.queryByTestId('slips-failed')).toBeNull());
    expect(printed(app)).toEqual([]);
  });

  it.each([
    ['unknownHost', '프린터 이름을 네트워크에서 찾을 수 없습니다. 설정의 주소를 확인해 주세요.'],
    ['noPaper', '프린터에 용지가 없습니다. 용지를 넣어 주세요.'],
    ['notTaking', '용지와 덮개를 확인해 주세요.'],
    ['refused', '다른 데스크가 인쇄하고 있으면 잠시 뒤 다시 인쇄해 주세요.'],
    ['cutOff', '일부가 인쇄되었을 수 있으니 나온 종이는 버려 주세요.'],
    ['unconfirmed', '다 나왔으면 목록에서 버리면 됩니다.'],
    ['noPermission', 'lp 그룹'],
  ] as const)('say what to do about %s', async (fault, words) => {
    const app = await renderApp({ printer: 'ready' });
    app.backend.world.printer.fault = fault;
    await app.user.click((await screen.findAllByTestId('recent-print'))[0] as HTMLElement);
    expect(await screen.findByTestId('slips-failed')).toHaveTextContent(words);
  });

  it('are at most two at the desk; the others are on their screen', async () => {
    const app = await renderApp({ printer: 'away' });
    const buttons = await screen.findAllByTestId('recent-print');
    for (const button of buttons.slice(0, 2)) await app.user.click(button);
    await waitFor(() => expect(screen.getAllByTestId('slip-again')).toHaveLength(2));
    await app.user.click(await screen.findByTestId('slips-others'));
    const list = await screen.findByTestId('slips-waiting');
    expect(within(list).getAllByTestId('slip-again')).toHaveLength(3);
  });

  it('are discarded one at a time by a double click', async () => {
    const app = await renderApp({ printer: 'away' });
    await app.user.click((await screen.findAllByTestId('recent-print'))[0] as HTMLElement);
    await waitFor(() => expect(screen.getAllByTestId('slip-discard')).toHaveLength(2));
    const first = screen.getAllByTestId('slip-discard')[0] as HTMLElement;
    fireEvent.click(first);
    await waitFor(() => expect(screen.getAllByTestId('slip-discard')).toHaveLength(1));
    fireEvent.click(screen.getByTestId('slip-discard'));
    fireEvent.click(screen.getByTestId('slip-discard'));
    expect(app.backend.world.printer.waiting).toHaveLength(1);
  });

  it('are printed once by a double click', async () => {
    const app = await renderApp({ printer: 'ready' });
    await app.user.dblClick((await screen.findAllByTestId('recent-print'))[0] as HTMLElement);
    await screen.findByTestId('note');
    expect(printed(app)).toHaveLength(1);
  });

  it('need a printer, which a manager sets', async () => {
    const app = await openReceipts({});
    expect((await screen.findAllByTestId('receipts-print'))[0]).toBeDisabled();
    await app.user.click(within(screen.getByTestId('receipts-no-printer')).getByRole('button'));
    expect(await screen.findByTestId('settings-printer-save')).toBeDisabled();
  });

  it('are shown, and printed by the system where there is no receipt printer', async () => {
    const app = await openReceipts({});
    await app.user.click((await screen.findAllByTestId('receipts-show'))[0] as HTMLElement);
    expect(await screen.findByTestId('slip-sheet')).toHaveTextContent('다시 인쇄 아니요');
    expect(document.body.dataset.printing).toBe('dialog');
    expect(screen.queryByTestId('slip-print')).toBeNull();
    await app.user.click(screen.getByTestId('slip-system'));
    await waitFor(() => expect(app.backend.world.printer.pages).toEqual([{ widthMm: 80, heightMm: 80 }]));
    await app.user.keyboard('{Escape}');
    await waitFor(() => expect(document.body.dataset.printing).toBeUndefined());
    // The program knows that it was printed.
    await app.user.click(screen.getAllByTestId('receipts-show')[0] as HTMLElement);
    expect(await screen.findByTestId('slip-sheet')).toHaveTextContent('다시 인쇄 예');
  });

  it('are shown page by page with the keys, and a card that is read begins with the first page', async () => {
    const app = await openReceipts({ printer: 'ready', receipts: 'many' });
    expect(await screen.findAllByTestId('receipts-entry')).toHaveLength(100);
    screen.getByTestId('receipts-more').focus();
    await app.user.keyboard('{Enter}');
    await waitFor(() => expect(screen.queryByTestId('receipts-more')).toBeNull());
    const rows = screen.getAllByTestId('receipts-entry');
    await waitFor(() => expect(within(rows[100] as HTMLElement).getByTestId('receipts-show')).toHaveFocus());
    // None of those of one millisecond is lost at the border of the pages, and none is there twice.
    const amounts = rows.map((row) => /10,(\d{3})/.exec(row.textContent ?? '')?.[1]);
    for (let number = 1; number <= MANY_PAYMENTS; number += 1) {
      expect(amounts.filter((amount) => Number(amount) === number)).toHaveLength(1);
    }
    scan(customerNamed(app.backend, '임채원').card ?? '');
    await waitFor(() => {
      for (const row of screen.getAllByTestId('receipts-entry')) expect(row).toHaveTextContent('임채원');
    });
    expect(printed(app)).toEqual([]);
  });

  it('are not offered on the desk without a printer', async () => {
    await renderApp({});
    await screen.findAllByTestId('recent');
    expect(screen.queryByTestId('recent-print')).toBeNull();
  });
});

describe('the printer in Settings', () => {
  it('is saved with its address, which is refused if it is wrong, and prints a test', async () => {
    const app = await renderApp({});
    await openScreen(app.user, 'settings');
    await app.user.click(await screen.findByTestId('settings-printer-network'));
    await app.user.type(screen.getByTestId('settings-printer-address'), '프린터');
    await app.user.click(screen.getByTestId('settings-printer-save'));
    expect(await screen.findByText(/프린터 주소가 올바르지 않습니다/)).toBeInTheDocument();
    await app.user.clear(screen.getByTestId('settings-printer-address'));
    await app.user.type(screen.getByTestId('settings-printer-address'), '192.168.0.50');
    await app.user.click(screen.getByTestId('settings-printer-save'));
    await app.user.click(await screen.findByTestId('settings-printer-test'));
    await waitFor(() => expect(printed(app)).toEqual([{ slip: { type: 'test' }, reprint: false }]));
    expect(app.backend.world.printer.setting.place).toEqual({ type: 'network', address: '192.168.0.50' });
  });
});

describe('A customer', () => {
  it('gets a card and a balance slip from the customers screen', async () => {
    const app = await renderApp({ printer: 'ready' });
    await openScreen(app.user, 'customers');
    await app.user.type(await screen.findByTestId('customers-search'), 'NS-2204-0391');
    await app.user.click((await screen.findAllByTestId('customer-row'))[0] as HTMLElement);
    await app.user.click(await screen.findByTestId('customer-print-card'));
    await app.user.click(screen.getByTestId('customer-print-balance'));
    await waitFor(() => expect(printed(app).map(({ slip }) => slip.type)).toEqual(['card', 'balance']));
  });

  it('gets a card by the system where there is no receipt printer', async () => {
    const app = await renderApp({});
    await openScreen(app.user, 'customers');
    await app.user.type(await screen.findByTestId('customers-search'), 'NS-2204-0391');
    await app.user.click((await screen.findAllByTestId('customer-row'))[0] as HTMLElement);
    await app.user.click(await screen.findByTestId('customer-print-card'));
    const sheet = await screen.findByTestId('slip-sheet');
    expect(sheet).toHaveTextContent('아니요');
    expect(sheet.querySelector('svg path')).toHaveAttribute('d', expect.stringContaining('M0 0h1v1h-1z'));
    expect(printed(app)).toEqual([]);
  });
});
