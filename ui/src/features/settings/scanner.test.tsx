import { screen } from '@testing-library/react';
import { beforeEach, describe, expect, it } from 'vitest';
import { DEFAULT_SCANNER } from '../../shared/scan/runs';
import { readScanner, reloadScanner, saveScanner } from '../../shared/scan/scannerSettings';
import { scan } from '../../testing/keys';
import { renderApp } from '../../testing/render';

async function tryScanner(...scanning: Parameters<typeof scan>) {
  const app = await renderApp();
  await app.user.click(await screen.findByTestId('rail-settings'));
  (await screen.findByTestId('settings-scanner-try')).focus();
  scan(...scanning);
  return { ...app, measured: await screen.findByTestId('settings-scanner-measured') };
}

beforeEach(() => {
  localStorage.clear();
  saveScanner(DEFAULT_SCANNER);
});

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

  it('is fitted to a slow one after the price is said, or with a prefix without it', async () => {
    const { user } = await tryScanner('NS-2204', { gapMs: 80 });
    expect(screen.getByTestId('settings-scanner-price')).toHaveTextContent('빠르게 친 숫자와 Enter도');
    await user.type(screen.getByTestId('settings-scanner-prefix'), '~');
    expect(screen.queryByTestId('settings-scanner-price')).toBeNull();
    await user.click(screen.getByTestId('settings-scanner-fit'));
    expect(readScanner()).toEqual({ paceMs: 120, prefix: '~' });
    reloadScanner();
    expect(readScanner()).toEqual({ paceMs: 120, prefix: '~' });
    await user.click(screen.getByTestId('settings-scanner-reset'));
    expect(readScanner().paceMs).toBe(DEFAULT_SCANNER.paceMs);
  });

  it('takes slow scans at the desk once it is fitted', async () => {
    saveScanner({ paceMs: 120, prefix: '' });
    await renderApp();
    await screen.findByTestId('search');
    scan('NS-2204-0391', { gapMs: 100 });
    expect(await screen.findByTestId('customer-name-shown')).toHaveTextContent('오재현');
    expect(screen.queryByRole('dialog')).toBeNull();
  });
});
