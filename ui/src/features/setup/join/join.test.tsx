import { act, screen, waitFor } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import type { Scenario } from '../../../backend/mock';
import { PAIRING_CODE, PAIRING_CODE_WITH_CONNECTION } from '../../../backend/mock/replication';
import { renderApp } from '../../../testing/render';

async function openJoin(scenario: Partial<Scenario> = {}) {
  const app = await renderApp({ seed: 'new', ...scenario });
  await app.user.click(await screen.findByTestId('setup-join'));
  await waitFor(() => expect(screen.getByTestId('join-code')).toHaveFocus());
  return app;
}

const atStep = (step: number) =>
  waitFor(() => expect(screen.getByTestId('join-screen')).toHaveAttribute('data-step', String(step)));

describe('Joining another terminal', () => {
  it('joins with a scanned code and a server by the keyboard alone, and waits for the staff', async () => {
    const { user, backend } = await openJoin();
    await user.keyboard(`${PAIRING_CODE}{Enter}`);
    await waitFor(() => expect(screen.getByTestId('connection-servers')).toHaveFocus());
    await user.keyboard('kafka-1:9093{Enter}');
    expect(await screen.findByTestId('trial-good')).toBeInTheDocument();
    await user.keyboard('{Control>}{Enter}{/Control}');
    await waitFor(() => expect(screen.getByTestId('join-terminal')).toHaveFocus());
    await user.keyboard(' · 서문{Enter}');
    expect(await screen.findByTestId('lock-waits-for-staff')).toBeInTheDocument();
    expect(screen.queryByTestId('person')).toBeNull();
    expect(backend.world.terminal.name).toBe('단말 2 · 서문');
    expect(backend.world.replication.connection.servers).toBe('kafka-1:9093');
    act(() => backend.staffArrive());
    expect(await screen.findAllByTestId('person')).toHaveLength(3);
    await user.keyboard('{Enter}');
    await user.type(await screen.findByTestId('sign-in-pin'), '135790{Enter}');
    expect(await screen.findByTestId('sync-chip')).toHaveAttribute('data-state', 'online');
  });

  it('shows the contents of a code from a file and prefills the connection', async () => {
    const { user, backend } = await openJoin();
    await user.click(screen.getByTestId('join-open'));
    const says = await screen.findByTestId('join-says');
    expect(says).toHaveTextContent('한빛역 환승센터');
    expect(says).toHaveTextContent('kafka-1.hanbit.internal:9093, kafka-2.hanbit.internal:9093');
    expect(says).toHaveTextContent('더 필요한 것사용자 이름과 비밀번호');
    await user.keyboard('{Enter}');
    await atStep(2);
    expect(screen.getByTestId('join-filled')).toHaveTextContent('사용자 이름과 비밀번호만 더');
    const servers = screen.getByTestId('connection-servers');
    expect(servers).toHaveValue('kafka-1.hanbit.internal:9093,kafka-2.hanbit.internal:9093');
    await user.clear(servers);
    await user.type(servers, 'kafka-9:9093');
    // Going back and forth between steps keeps the changed connection.
    await user.click(screen.getByTestId('setup-back'));
    await user.click(await screen.findByTestId('join-next'));
    await atStep(2);
    expect(screen.getByTestId('connection-servers')).toHaveValue('kafka-9:9093');
    await user.click(screen.getByTestId('connection-caFile-pick'));
    await waitFor(() => expect(screen.getByTestId('connection-caFile')).toHaveValue('/home/desk/ca.pem'));
    expect(backend.world.isSetUp).toBe(false);
  });

  it('shows that a short code has no connection, and rejects a wrong code', async () => {
    const { user } = await openJoin();
    await user.keyboard(PAIRING_CODE);
    expect(await screen.findByTestId('join-says')).toHaveTextContent('시설 #A1B2의 코드입니다');
    await user.keyboard('A{Enter}');
    expect(await screen.findByTestId('error')).toHaveAttribute('data-code', 'bad_pairing_code');
    expect(screen.queryByTestId('join-says')).toBeNull();
    await atStep(1);
  });

  it('stays at a step until it is valid', async () => {
    const { user } = await openJoin();
    await user.click(screen.getByTestId('join-next'));
    expect(screen.getByText('연결 코드를 적어 주세요.')).toBeInTheDocument();
    await user.click(screen.getByTestId('join-open'));
    await waitFor(() => expect(screen.getByTestId('join-code')).toHaveValue(PAIRING_CODE_WITH_CONNECTION));
    await user.click(screen.getByTestId('join-next'));
    await atStep(2);
    await user.clear(screen.getByTestId('connection-servers'));
    await user.click(screen.getByTestId('join-next'));
    expect(screen.getByText('Kafka 서버 주소를 적어 주세요.')).toBeInTheDocument();
    await user.type(screen.getByTestId('connection-servers'), 'kafka-1:9093');
    await user.click(screen.getByTestId('join-next'));
    await atStep(3);
    await user.clear(screen.getByTestId('join-terminal'));
    await user.click(screen.getByTestId('join-finish'));
    expect(screen.getByText('이 컴퓨터의 이름을 적어 주세요.')).toBeInTheDocument();
  });

  it.each([
    ['bad_pairing_code', 1],
    ['log_bad_credentials', 2],
    ['disk_full', 3],
  ] as const)('goes back to the step at which %s can be corrected', async (joinFailure, step) => {
    const { user, backend } = await openJoin({ joinFailure });
    await user.keyboard(`${PAIRING_CODE}{Enter}`);
    await user.type(await screen.findByTestId('connection-servers'), 'kafka-1:9093');
    await user.click(screen.getByTestId('join-next'));
    await user.type(await screen.findByTestId('join-terminal'), '{Enter}');
    expect(await screen.findByTestId('error')).toHaveAttribute('data-code', joinFailure);
    await atStep(step);
    expect(backend.world.isSetUp).toBe(false);
  });

  it('leads back to setting up a new facility', async () => {
    const { user } = await openJoin();
    await user.click(screen.getByTestId('setup-back'));
    expect(await screen.findByTestId('setup-facility')).toBeInTheDocument();
  });
});
