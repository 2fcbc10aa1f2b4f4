import { screen, waitFor } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import type { ErrorCode } from '../../backend';
import type { Scenario } from '../../backend/mock';
import { openScreen } from '../../testing/places';
import { renderApp } from '../../testing/render';

async function openSettings(scenario: Partial<Scenario> = {}) {
  const app = await renderApp(scenario);
  await openScreen(app.user, 'connections');
  await screen.findByTestId('mypage-sqlite');
  return app;
}

describe('Mypage’s database', () => {
  it('is a local file until a server is chosen, tried and saved', async () => {
    const { user, backend } = await openSettings();
    expect(screen.queryByTestId('mypage-save')).toBeNull();
    await user.click(screen.getByTestId('mypage-postgres'));
    expect(screen.getByTestId('mypage-try')).toBeDisabled();
    await user.type(screen.getByTestId('mypage-host'), 'db.hanbit.internal');
    await user.type(screen.getByTestId('mypage-database'), 'nosmoke');
    await user.type(screen.getByTestId('mypage-user'), 'desk');
    await user.type(screen.getByTestId('mypage-password'), 'hush{Enter}');
    expect(await screen.findByTestId('trial-good')).toHaveTextContent('PostgreSQL 15.8');
    expect(backend.world.engine.kept.engine).toBe('sqlite');
    expect(screen.getByText(/저장하면 바로 바뀌고/)).toBeInTheDocument();
    await user.type(screen.getByTestId('mypage-host'), '{Control>}{Enter}{/Control}');
    await waitFor(() => expect(backend.world.engine.password).toBe('hush'));
    expect(backend.world.engine.kept).toMatchObject({
      engine: 'postgres',
      host: 'db.hanbit.internal',
      port: 5432,
      transport: 'plain',
      caFile: '',
    });
    expect(await screen.findByText(/지금부터 이 서버를 쓰고/)).toBeInTheDocument();
    expect(screen.getByTestId('mypage-password')).toHaveValue('');
    expect(screen.getByTestId('mypage-save')).toBeDisabled();
  });

  it('changes back to a local file', async () => {
    const { user, backend } = await openSettings({ mypageEngine: 'postgres' });
    expect(screen.getByTestId('mypage-password')).toHaveAttribute('placeholder', '저장됨');
    await user.click(screen.getByTestId('mypage-sqlite'));
    await user.click(screen.getByTestId('mypage-save'));
    await waitFor(() => expect(backend.world.engine.kept).toEqual({ engine: 'sqlite' }));
    expect(await screen.findByText(/이 컴퓨터에 보관합니다/)).toBeInTheDocument();
  });

  it('accepts only a valid port', async () => {
    const { user } = await openSettings({ mypageEngine: 'postgres' });
    for (const port of ['0', '65536', 'abc', '']) {
      await user.clear(screen.getByTestId('mypage-port'));
      if (port) await user.type(screen.getByTestId('mypage-port'), port);
      expect(screen.getByText(/1에서 65535까지/)).toBeInTheDocument();
      expect(screen.getByTestId('mypage-save')).toBeDisabled();
    }
    await user.clear(screen.getByTestId('mypage-port'));
    await user.type(screen.getByTestId('mypage-port'), '6543');
    expect(screen.getByTestId('mypage-save')).toBeEnabled();
  });

  it.each<[ErrorCode, string]>([
    ['mypage_unreachable', '주소와 포트'],
    ['mypage_untrusted', 'CA 파일'],
    ['mypage_bad_credentials', '비밀번호를 다시'],
    ['mypage_no_database', '데이터베이스 이름'],
    ['mypage_not_authorised', 'CREATE 권한'],
  ])('shows what is wrong and what to do: %s', async (trial, words) => {
    const { user } = await openSettings({ mypageEngine: 'postgres', trial });
    await user.click(screen.getByTestId('mypage-try'));
    const failed = await screen.findByTestId('trial-failed');
    expect(failed).toHaveTextContent(words);
    expect(failed).toHaveTextContent('connection refused');
  });
});
