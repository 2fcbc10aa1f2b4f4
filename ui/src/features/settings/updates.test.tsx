import { screen } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import type { Scenario } from '../../backend/mock';
import { openScreen } from '../../testing/places';
import { renderApp } from '../../testing/render';

async function openUpdates(scenario: Partial<Scenario>) {
  const app = await renderApp(scenario);
  await openScreen(app.user, 'settings');
  await screen.findByTestId('settings-screen');
  return app;
}

const KEY = 'RWRPlpynDqKUH0LYajkJxYujEeD1f7oCuD4nJLYSJnLlQVfJMMznEfaK';

describe('Settings: newer versions', () => {
  it('is off until an address and a key are entered, tried and saved', async () => {
    const { user, backend } = await openUpdates({ updates: 'off' });
    expect(await screen.findByTestId('updates-version')).toHaveTextContent('지금 버전: 0.1.0.');
    expect(screen.queryByTestId('updates-address')).toBeNull();
    await user.click(screen.getByTestId('updates-on'));
    expect(screen.getByTestId('updates-save')).toBeDisabled();
    await user.type(screen.getByTestId('updates-address'), ' https://example.com/latest.json ');
    await user.type(screen.getByTestId('updates-key'), `${KEY}{Enter}`);
    expect(await screen.findByText(/받을 수 있는 버전: 0.2.0/)).toBeInTheDocument();
    expect(backend.world.updates.setting.enabled).toBe(false);
    await user.click(screen.getByTestId('updates-save'));
    expect(await screen.findByText(/다음에 화면이 잠기면 찾습니다/)).toBeInTheDocument();
    expect(backend.world.updates.setting).toEqual({
      enabled: true,
      address: 'https://example.com/latest.json',
      key: KEY,
    });
  });

  it('refuses an address without TLS and what is no key, and keeps what was saved', async () => {
    const { user, backend } = await openUpdates({ updates: 'off' });
    await user.click(await screen.findByTestId('updates-on'));
    const address = screen.getByTestId('updates-address');
    await user.type(address, 'http://example.com/latest.json');
    await user.type(screen.getByTestId('updates-key'), 'key');
    await user.click(screen.getByTestId('updates-save'));
    expect(await screen.findByRole('alert')).toHaveTextContent('새 버전 주소를 쓸 수 없습니다.');
    await user.clear(address);
    await user.type(address, 'https://example.com/latest.json');
    expect(screen.queryByRole('alert')).toBeNull();
    await user.click(screen.getByTestId('updates-save'));
    expect(await screen.findByRole('alert')).toHaveTextContent('서명 확인 키가 아닙니다.');
    expect(backend.world.updates.setting.enabled).toBe(false);
  });

  it('installs the version that is ready and says to open the program again', async () => {
    const { user } = await openUpdates({ updates: 'ready' });
    const ready = await screen.findByTestId('updates-ready');
    expect(ready).toHaveTextContent('설치할 수 있는 버전: 0.2.0.');
    expect(ready).toHaveTextContent('보고서가 더 빨리 열립니다.');
    await user.click(screen.getByTestId('updates-install'));
    expect(await screen.findByText(/프로그램을 닫았다가 다시 열어 주세요/)).toBeInTheDocument();
    expect(screen.queryByTestId('updates-ready')).toBeNull();
  });

  it('says what is wrong with what was offered, and why a PC has no newer versions', async () => {
    const { unmount } = await openUpdates({ updates: 'untrusted' });
    expect(await screen.findByRole('alert')).toHaveTextContent('서명과 맞지 않아 지웠습니다');
    unmount();
    await openUpdates({ updates: 'administrator' });
    expect(await screen.findByTestId('updates-unavailable')).toHaveTextContent(
      '/etc/nosmoke-desk/no-updates',
    );
    expect(screen.queryByTestId('updates-on')).toBeNull();
  });

  it('is for managers', async () => {
    await openUpdates({ updates: 'ready', role: 'staff' });
    expect(screen.queryByTestId('settings-nav-updates')).toBeNull();
  });
});
