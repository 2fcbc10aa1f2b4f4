import { screen, waitFor } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import { createMockBackend } from '../../backend/mock';
import { DEFAULT_SCANNER } from '../../shared/scan/runs';
import { readScanner } from '../../shared/scan/scannerSettings';
import { rest, scan } from '../../testing/keys';
import { openScreen } from '../../testing/places';
import { renderApp } from '../../testing/render';

async function tryScanner(...scanning: Parameters<typeof scan>) {
  const app = await renderApp();
  await openScreen(app.user, 'settings');
  (await screen.findByTestId('settings-scanner-try')).focus();
  scan(...scanning);
  return { ...app, measured: await screen.findByTestId('settings-scanner-measured') };
}

describe('the scanner in Settings', () => {
  it.each([
    ['fast', 'NS-2204', { gapMs: 8 }],
    ['fast', 'NS-2204', { gapMs: 30, suffix: [] }],
    ['slow', 'NS-2204', { gapMs: 80 }],
    ['tooSlow', 'NS-2204', { gapMs: 150 }],
    ['short', '123', { gapMs: 8 }],
  ])('is measured as %s and does nothing with %s', async (speed, text, scanning) => {
    const { measured, backend } = await tryScanner(text, scanning);
    expect(measured).toHaveAttribute('data-speed', speed);
    expect(measured).toHaveTextContent(text);
    expect(screen.getByTestId('settings-screen')).toBeInTheDocument();
    expect(readScanner()).toEqual(DEFAULT_SCANNER);
    expect(backend.requests).toEqual([]);
  });

  it('is measured while Hangul is on', async () => {
    const { measured } = await tryScanner('ns-2204', { hangul: true });
    expect(measured).toHaveTextContent('ns-2204');
  });

  it('is measured whole though Hangul input passes on its keys more than a second late', async () => {
    const { measured } = await tryScanner('n', { hangul: true, suffix: [] });
    expect(measured).toHaveTextContent('‘n’');
    rest(-592);
    scan('s-2204', { hangul: true });
    await waitFor(() => expect(measured).toHaveTextContent('‘ns-2204’'));
  });

  it('is fitted to a slow one after the price is said, or with a prefix without it', async () => {
    const { user, backend } = await tryScanner('NS-2204', { gapMs: 80 });
    expect(screen.getByTestId('settings-scanner-price')).toHaveTextContent('빠르게 친 숫자와 Enter도');
    await user.type(screen.getByTestId('settings-scanner-prefix'), '~');
    expect(screen.queryByTestId('settings-scanner-price')).toBeNull();
    await user.click(screen.getByTestId('settings-scanner-fit'));
    await waitFor(() => expect(readScanner()).toEqual({ paceMs: 120, prefix: '~' }));
    expect(backend.world.preferences.scanner).toEqual({ paceMs: 120, prefix: '~' });
    await user.click(screen.getByTestId('settings-scanner-reset'));
    await waitFor(() => expect(readScanner().paceMs).toBe(DEFAULT_SCANNER.paceMs));
    expect(readScanner().prefix).toBe('~');
  });

  it('says that its kept settings are lost, until they are saved again', async () => {
    const backend = createMockBackend();
    backend.world.preferencesLost = ['scanner'];
    const { user } = await renderApp({}, backend);
    expect(await screen.findByTestId('note')).toHaveTextContent('저장된 설정 일부를 읽을 수 없어');
    await openScreen(user, 'settings');
    expect(await screen.findByTestId('settings-scanner-lost')).toHaveTextContent('다시 맞춰 주세요');
    await user.type(screen.getByTestId('settings-scanner-prefix'), '~');
    await user.click(screen.getByTestId('settings-scanner-prefix-save'));
    await waitFor(() => expect(screen.queryByTestId('settings-scanner-lost')).toBeNull());
    expect(backend.world.preferencesLost).toEqual([]);
  });

  it('takes slow scans at the desk once it is fitted', async () => {
    const backend = createMockBackend();
    backend.world.preferences.scanner = { paceMs: 120, prefix: '' };
    await renderApp({}, backend);
    await screen.findByTestId('search');
    scan('NS-2204-0391', { gapMs: 100 });
    expect(await screen.findByTestId('customer-name-shown')).toHaveTextContent('오재현');
    expect(screen.queryByRole('dialog')).toBeNull();
  });
});
