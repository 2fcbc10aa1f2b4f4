import { screen, waitFor } from '@testing-library/react';
import { describe, expect, it, vi } from 'vitest';
import type { ErrorCode } from '../../backend';
import type { Scenario } from '../../backend/mock';
import { PAIRING_CODE, PAIRING_CODE_WITH_CONNECTION } from '../../backend/mock/replication';
import { openScreen } from '../../testing/places';
import { renderApp } from '../../testing/render';

async function openSettings(scenario: Partial<Scenario> = {}) {
  const app = await renderApp(scenario);
  await openScreen(app.user, 'connections');
  await screen.findByTestId('connection-servers');
  return app;
}

describe('Connection', () => {
  it('is tried on Enter and saved on Ctrl Enter', async () => {
    const { user, backend } = await openSettings();
    await user.type(screen.getByTestId('connection-servers'), 'kafka-1:9093');
    await user.click(screen.getByTestId('connection-tls'));
    await user.type(screen.getByTestId('connection-caFile'), '/etc/ca.pem{Enter}');
    expect(await screen.findByTestId('trial-good')).toHaveTextContent('41,208건');
    expect(backend.world.replication.connection.servers).toBe('');
    await user.type(screen.getByTestId('connection-user'), 'desk-2');
    expect(screen.queryByTestId('trial-good')).toBeNull();
    await user.type(screen.getByTestId('connection-password'), 'hush{Control>}{Enter}{/Control}');
    await waitFor(() => expect(backend.world.replication.password).toBe('hush'));
    expect(backend.world.replication.connection).toMatchObject({
      servers: 'kafka-1:9093',
      transport: 'tls',
      caFile: '/etc/ca.pem',
      user: 'desk-2',
    });
    expect(await screen.findByText(/지금부터 이 설정으로 연결합니다/)).toBeInTheDocument();
    await waitFor(() => expect(screen.getByTestId('sync-chip')).toHaveAttribute('data-state', 'online'));
  });

  it('never shows the saved password and keeps it', async () => {
    const { user, backend } = await openSettings({ sync: 'online' });
    const field = screen.getByTestId('connection-password');
    expect(field).toHaveValue('');
    expect(field).toHaveAttribute('placeholder', '저장됨');
    await user.type(screen.getByTestId('connection-prefix'), 'hanbit{Control>}{Enter}{/Control}');
    await waitFor(() => expect(backend.world.replication.connection.prefix).toBe('hanbit'));
    expect(backend.world.replication.password).toBe('kept');
    expect(screen.getByTestId('connection-save')).toBeDisabled();
  });

  it('asks for the password again before it goes to another server', async () => {
    const { user, backend } = await openSettings({ sync: 'online' });
    await user.type(screen.getByTestId('connection-servers'), '.evil.test');
    await user.click(screen.getByTestId('connection-save'));
    expect(await screen.findByTestId('error')).toHaveAttribute('data-code', 'password_needed');
    await user.selectOptions(screen.getByTestId('connection-mechanism'), 'scramSha256');
    await user.type(screen.getByTestId('connection-password'), 'new{Control>}{Enter}{/Control}');
    await waitFor(() => expect(backend.world.replication.password).toBe('new'));
    expect(backend.world.replication.connection.mechanism).toBe('scramSha256');
  });

  it.each<[ErrorCode, string]>([
    ['log_unreachable', '랜선과 공유기'],
    ['log_untrusted', 'CA 파일'],
    ['log_expired', '기한이 지났습니다'],
    ['log_wrong_host', '다른 주소의 것'],
    ['log_wrong_protocol', 'TLS를 쓰는지'],
    ['log_certificate_refused', '개인 키 파일'],
    ['log_bad_credentials', '로그인 방식'],
    ['log_wrong_mechanism', '서버에 있는 방식'],
    ['log_advertised', 'advertised.listeners'],
    ['log_not_authorised', '읽고 쓰고 만들 권한'],
    ['log_topic_settings', '토픽 nosmoke.facts.v1을 쓸 수 없습니다'],
  ])('shows what is wrong and what to do: %s', async (trial, words) => {
    const { user } = await openSettings({ sync: 'online', trial });
    await user.click(screen.getByTestId('connection-try'));
    const failed = await screen.findByTestId('trial-failed');
    expect(failed).toHaveTextContent(words);
    expect(failed).toHaveTextContent('handshake failed');
  });

  it('explains what clearing the servers means before it is saved', async () => {
    const { user, backend } = await openSettings({ sync: 'online' });
    await user.clear(screen.getByTestId('connection-servers'));
    expect(screen.getByTestId('connection-try')).toBeDisabled();
    expect(screen.getByText(/더 주고받지 않습니다/)).toBeInTheDocument();
    expect(screen.getByTestId('connection-save')).toHaveTextContent('연결 끊기');
    await user.click(screen.getByTestId('connection-save'));
    await waitFor(() => expect(backend.world.scenario.sync).toBe('alone'));
    await waitFor(() => expect(screen.getByTestId('sync-chip')).toHaveAttribute('data-state', 'alone'));
  });
});

describe('Connection: PEM files', () => {
  it.each(['caFile', 'certificateFile', 'keyFile'])(
    '%s is chosen in the file dialog by keys',
    async (name) => {
      const { user } = await openSettings({ sync: 'online' });
      const pick = await screen.findByTestId(`connection-${name}-pick`);
      await user.click(screen.getByTestId(`connection-${name}`));
      await user.tab();
      expect(pick).toHaveFocus();
      await user.keyboard('{Enter}');
      const field = screen.getByTestId(`connection-${name}`);
      await waitFor(() => expect(field).toHaveValue('/home/desk/ca.pem'));
      expect(field).toHaveFocus();
      expect(screen.getByTestId('connection-save')).toBeEnabled();
    },
  );

  it('are not saved without TLS, when they are hidden', async () => {
    const { user, backend } = await openSettings({ sync: 'online' });
    await user.click(await screen.findByTestId('connection-plain'));
    await user.type(screen.getByTestId('connection-password'), 'in clear');
    await user.click(screen.getByTestId('connection-save'));
    await waitFor(() => expect(backend.world.replication.connection.transport).toBe('plain'));
    expect(backend.world.replication.connection.caFile).toBe('');
  });

  it('are unchanged when the file dialog is cancelled', async () => {
    const { user, backend } = await openSettings({ sync: 'online' });
    backend.pickPem = async () => null;
    await user.click(await screen.findByTestId('connection-caFile-pick'));
    expect(screen.getByTestId('connection-caFile')).toHaveValue('/etc/nosmoke/hanbit-ca.pem');
    expect(screen.getByTestId('connection-save')).toBeDisabled();
  });
});

describe('Pairing', () => {
  it('copies the code with the connection and shows the short one', async () => {
    const { user } = await openSettings({ sync: 'online' });
    await user.click(screen.getByTestId('pairing-show'));
    expect(await screen.findByTestId('pairing-code')).toHaveTextContent(PAIRING_CODE);
    expect(screen.getByText(/서버 주소와 암호화, 토픽 앞말도/)).toBeInTheDocument();
    await user.click(screen.getByTestId('pairing-copy'));
    expect(await navigator.clipboard.readText()).toBe(PAIRING_CODE_WITH_CONNECTION);
  });

  it('hides the code until a click and shows a warning', async () => {
    const { user } = await openSettings({ sync: 'online' });
    expect(screen.queryByTestId('pairing-code')).toBeNull();
    expect(screen.getByText(/모든 고객의 이름과 전화번호를 읽을 수 있습니다/)).toBeInTheDocument();
    screen.getByTestId('pairing-show').focus();
    await user.keyboard('{Enter}');
    expect(await screen.findByTestId('pairing-code')).toHaveTextContent(PAIRING_CODE);
    await user.click(screen.getByTestId('pairing-hide'));
    expect(screen.queryByTestId('pairing-code')).toBeNull();
    await user.click(screen.getByTestId('pairing-save'));
    expect(await screen.findByText(/한빛역.nosmoke-code/)).toBeInTheDocument();
  });

  it('makes a new key at the second click, and hides the code of the earlier one', async () => {
    const { user } = await openSettings({ sync: 'online' });
    await user.click(screen.getByTestId('pairing-show'));
    await screen.findByTestId('pairing-code');
    await user.click(screen.getByTestId('pairing-new-key'));
    expect(screen.getByText(/받을 때까지 기록을 주고받지 못하고/)).toBeInTheDocument();
    expect(screen.getByTestId('pairing-code')).toBeInTheDocument();
    await user.click(screen.getByTestId('pairing-new-key'));
    expect(await screen.findByText(/새 열쇠를 만들었습니다/)).toBeInTheDocument();
    expect(screen.queryByTestId('pairing-code')).toBeNull();
  });

  it('accepts the code of another terminal, typed or from a file', async () => {
    const { user } = await openSettings({ sync: 'online', replication: 'trouble' });
    await user.type(screen.getByTestId('pairing-other'), 'NSMK-WRONG{Enter}');
    expect(await screen.findByTestId('error')).toHaveAttribute('data-code', 'bad_pairing_code');
    await user.click(screen.getByTestId('pairing-open'));
    await waitFor(() =>
      expect(screen.getByTestId('pairing-other')).toHaveValue(PAIRING_CODE_WITH_CONNECTION),
    );
    await waitFor(() => expect(screen.getByTestId('pairing-other')).toHaveFocus());
    await user.keyboard('{Enter}');
    expect(await screen.findByText(/열쇠를 받았습니다/)).toBeInTheDocument();
  });

  it('is offered to managers only, and asks the program nothing for others', async () => {
    const { user, backend } = await renderApp({ sync: 'online', role: 'staff' });
    const asked = vi.spyOn(backend, 'connection');
    await openScreen(user, 'backup');
    expect(screen.queryByTestId('tab-connections')).toBeNull();
    expect(screen.queryByTestId('settings-nav-connection')).toBeNull();
    expect(screen.queryByTestId('settings-nav-pairing')).toBeNull();
    expect(screen.queryByTestId('error')).toBeNull();
    expect(asked).not.toHaveBeenCalled();
    expect(screen.queryByTestId('pairing-show')).toBeNull();
    expect(screen.queryByTestId('pairing-other')).toBeNull();
  });
});
