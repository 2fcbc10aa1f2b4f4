import { screen, waitFor, within } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import { customerNamed, settle } from '../../testing/desk';
import { press, scan } from '../../testing/keys';
import { openScreen } from '../../testing/places';
import { renderApp } from '../../testing/render';

/** 오재현 and 강민석. */
const OH = 'NS-2204-0391';
const KANG = '1190';

const SCANNERS = [{}, { hangul: true }, { gapMs: 45, suffix: ['Tab'] }, { suffix: [] }];

const printed = ({ backend }: Awaited<ReturnType<typeof renderApp>>) => backend.world.printer.printed;

async function openReceipts() {
  const app = await renderApp({ printer: 'ready' });
  await openScreen(app.user, 'receipts');
  await screen.findAllByTestId('receipts-entry');
  return app;
}

const isOf = (name: string) =>
  waitFor(() =>
    expect(screen.getByTestId('receipts-screen')).toHaveTextContent(`${name} 님의 결제와 패널티`),
  );

describe('a scan at the receipts', () => {
  it('shows the slips of the person, to be printed again', async () => {
    const app = await openReceipts();
    scan(customerNamed(app.backend, '임채원').card ?? '');
    await isOf('임채원');
    expect(printed(app)).toEqual([]);
    await waitFor(() => {
      for (const row of screen.getAllByTestId('receipts-entry')) expect(row).toHaveTextContent('임채원');
    });
    const [row] = screen.getAllByTestId('receipts-entry');
    await app.user.click(within(row as HTMLElement).getByTestId('receipts-print'));
    await waitFor(() => expect(printed(app)).toHaveLength(1));
  });

  it('that nobody has is said, and the list stays', async () => {
    await openReceipts();
    scan(OH);
    await isOf('오재현');
    scan('NS-0000-0000');
    expect(await screen.findByTestId('note')).toHaveTextContent('등록되지 않은 카드입니다: NS-0000-0000');
    await isOf('오재현');
  });

  it('prints nothing by its Enter or its spaces, whatever has the cursor', async () => {
    for (const text of [OH, 'A B12345']) {
      const app = await openReceipts();
      screen.getAllByTestId('receipts-print')[0]?.focus();
      scan(text);
      await settle();
      expect(printed(app)).toEqual([]);
      app.unmount();
    }
  });

  it('closes a slip that is shown, prints nothing, and shows the person', async () => {
    for (const scanning of SCANNERS) {
      const app = await openReceipts();
      await app.user.click(screen.getAllByTestId('receipts-show')[0] as HTMLElement);
      await waitFor(() => expect(screen.getByTestId('slip-print')).toHaveFocus());
      scan(OH, scanning);
      await isOf('오재현');
      await waitFor(() => expect(screen.queryByTestId('slip-dialog')).toBeNull());
      await settle();
      expect(printed(app)).toEqual([]);
      expect(app.backend.world.printer.pages).toEqual([]);
      app.unmount();
    }
  });

  it('leaves a hand its Enter on the slip', async () => {
    const app = await openReceipts();
    await app.user.click(screen.getAllByTestId('receipts-show')[0] as HTMLElement);
    await waitFor(() => expect(screen.getByTestId('slip-print')).toHaveFocus());
    press('Enter', { after: 1_500 });
    await waitFor(() => expect(printed(app)).toHaveLength(1));
  });
});

describe('a scan at the customers', () => {
  it('closes the slip of the one before, and shows the person', async () => {
    const app = await renderApp({});
    await openScreen(app.user, 'customers');
    await app.user.type(await screen.findByTestId('customers-search'), KANG);
    await app.user.click((await screen.findAllByTestId('customer-row'))[0] as HTMLElement);
    await app.user.click(await screen.findByTestId('customer-print-balance'));
    await screen.findByTestId('slip-sheet');
    scan(OH);
    await waitFor(() => expect(screen.getByTestId('customer-detail')).toHaveTextContent('오재현'));
    await waitFor(() => expect(screen.queryByTestId('slip-dialog')).toBeNull());
    expect(app.backend.world.printer.pages).toEqual([]);
    expect(printed(app)).toEqual([]);
  });
});
