import { screen, waitFor, within } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import type { Scenario } from '../../backend/mock';
import { openScreen } from '../../testing/places';
import { renderApp } from '../../testing/render';

async function openSync(scenario: Partial<Scenario> = {}) {
  const app = await renderApp(scenario);
  await openScreen(app.user, 'sync');
  await screen.findByTestId('sync-screen');
  return app;
}

const terminalNamed = async (name: string) => {
  const rows = await screen.findAllByTestId('terminal');
  const found = rows.find((row) => row.dataset.name?.startsWith(name));
  if (!found) throw new Error(`no terminal ${name}`);
  return found;
};
const bands = () => screen.queryAllByTestId('sync-band').map((band) => band.dataset.kind);

describe('Sync', () => {
  it('explains working alone and leads to the connection settings on Enter', async () => {
    const { user } = await openSync();
    expect(await screen.findByText(/이 단말은 혼자 일합니다/)).toBeInTheDocument();
    expect(screen.getByTestId('sync-settings')).toHaveFocus();
    await user.keyboard('{Enter}');
    await screen.findByTestId('connections-screen');
    await waitFor(() => expect(screen.getByTestId('connection-servers')).toHaveFocus());
  });

  it('opens from the palette and from the status chip', async () => {
    const { user } = await renderApp({ sync: 'online' });
    await user.keyboard('{Control>}k{/Control}');
    await user.type(await screen.findByTestId('palette-search'), '동기화{Enter}');
    expect(await screen.findByTestId('sync-words')).toHaveAttribute('data-doing', 'waiting');
    await user.click(screen.getByTestId('rail-desk'));
    await user.click(await screen.findByTestId('sync-chip'));
    expect(await screen.findByTestId('sync-words')).toBeInTheDocument();
  });

  it('shows since when it is offline, what is pending, and that nothing is lost', async () => {
    await openSync({ sync: 'offline' });
    expect(await screen.findByTestId('sync-words')).toHaveTextContent(
      '오프라인입니다. 기록은 모두 이 단말에 있고',
    );
    expect(screen.getByTestId('sync-pending')).toHaveTextContent('7건');
    expect(screen.getByTestId('sync-oldest')).toHaveTextContent('결제 · 임○원');
    expect(screen.getByTestId('sync-outage')).toHaveTextContent('1시간 35분');
    expect(screen.getByTestId('sync-last-error')).toHaveTextContent('랜선과 공유기');
  });

  it('retries at once on Enter and says so', async () => {
    const { user, backend } = await openSync({ sync: 'offline' });
    await waitFor(() => expect(screen.getByTestId('sync-retry')).toHaveFocus());
    await user.keyboard('{Enter}');
    await waitFor(() => expect(backend.world.replication.retries).toBe(1));
    expect(await screen.findByText(/다시 연결해 보고 있습니다/)).toBeInTheDocument();
  });

  it('shows the progress of sending a backlog', async () => {
    const { backend } = await openSync({ sync: 'online', replication: 'sending' });
    expect(await screen.findByTestId('sync-pending')).toHaveTextContent('14건 중 0건 보냄');
    backend.world.replication.pending = 5;
    backend.announceConnection();
    await waitFor(() => expect(screen.getByTestId('sync-pending')).toHaveTextContent('14건 중 9건 보냄'));
    expect(screen.getByRole('progressbar')).toBeInTheDocument();
    backend.world.replication.pending = 0;
    backend.announceConnection();
    await waitFor(() => expect(screen.getByTestId('sync-pending')).toHaveTextContent('모두 보냈습니다'));
    expect(screen.queryByRole('progressbar')).toBeNull();
    expect(screen.getByTestId('sync-last-error')).toHaveTextContent('지금은 할 일이 없습니다');
  });

  it('shows for each terminal whether its digest is equal', async () => {
    await openSync({ sync: 'online', replication: 'trouble' });
    const digest = async (name: string) =>
      within(await terminalNamed(name)).getByTestId('terminal-digest').textContent;
    expect(await digest('단말 2')).toBe('같음');
    expect(await digest('단말 3')).toBe('다름');
    expect(await digest('단말 4')).toBe('비교할 수 없음');
    expect(await terminalNamed('단말 3')).toHaveTextContent('시계가 3분 빠름');
    expect(await terminalNamed('단말 4')).toHaveTextContent('3시간 12분 전');
    expect(await terminalNamed('관리실')).toHaveTextContent('허브');
    expect(await terminalNamed('단말 4')).toHaveTextContent('버전 0.0.9');
    expect(await terminalNamed('단말 2')).not.toHaveTextContent('버전');
  });

  it('shows every alarm, the most serious first', async () => {
    await openSync({ sync: 'online', replication: 'trouble' });
    await screen.findAllByTestId('sync-band');
    expect(bands()).toEqual([
      'digestDiffers',
      'forked',
      'newIncarnation',
      'newLog',
      'takenOver',
      'needsUpdate',
      'clock',
    ]);
    expect(screen.getByText('이 PC의 시계가 4분 느립니다')).toBeInTheDocument();
    expect(
      screen.getByText(/^단말 2 · 서문 입구가 .*\d\d:\d\d에 이 단말의 포인트를 가져갔습니다$/),
    ).toBeInTheDocument();
    expect(screen.getByText(/이 데스크는 계속 쓸 수 있고, 고객의 잔액은 그대로입니다/)).toBeInTheDocument();
  });

  it('counts the messages of other facilities in one line, without an alarm', async () => {
    const { backend } = await openSync({ sync: 'online', replication: 'trouble' });
    expect(await screen.findByTestId('sync-strangers')).toHaveTextContent(
      /^이 시설의 열쇠로 쓰지 않은 메시지 1,204건.*9f1c02aa 열쇠 .+부터 1,200건 · 열쇠 없이 .+ 문서를 2번 다시 보냈습니다\.$/,
    );
    backend.world.replication.strangers = null;
    backend.announceConnection();
    await waitFor(() => expect(screen.queryByTestId('sync-strangers')).toBeNull());
  });

  it('shows the first differing customer, masked, with a link to Mypage', async () => {
    const { user } = await openSync({ sync: 'online', replication: 'trouble' });
    const [band] = await screen.findAllByTestId('sync-band');
    if (!band) throw new Error('nothing differs');
    expect(band).toHaveTextContent('고객 신○린 #');
    expect(band).toHaveTextContent('여기에 14건, 단말 3 · 옥상 정원에 13건 있습니다');
    expect(band).toHaveTextContent('내역을 견주어 보세요');
    within(band).getByTestId('sync-to-mypage').focus();
    await user.keyboard('{Enter}');
    expect(await screen.findByTestId('mypage-screen')).toHaveTextContent('신예린');
  });

  it.each([
    [null, '두 단말이 찾고 있습니다', false],
    [{ isCustomer: false, alteredHere: true, alteredThere: false }, '이 단말의 데이터 파일이', false],
    [
      { isCustomer: true, alteredHere: false, alteredThere: true },
      '단말 3 · 옥상 정원의 데이터 파일이',
      true,
    ],
  ])('describes a difference: %j', async (difference, words, hasWay) => {
    const app = await renderApp({ sync: 'online', replication: 'trouble' });
    app.backend.world.replication.difference = difference;
    await openScreen(app.user, 'sync');
    const [band] = await screen.findAllByTestId('sync-band');
    if (!band) throw new Error('nothing differs');
    expect(band).toHaveTextContent(words);
    expect(within(band).queryAllByTestId('sync-to-mypage')).toHaveLength(hasWay ? 1 : 0);
  });

  it('shows no alarm when nothing is wrong', async () => {
    await openSync({ sync: 'online' });
    await screen.findAllByTestId('terminal');
    expect(bands()).toEqual([]);
    expect(screen.getByTestId('sync-last-error')).toHaveTextContent('오류가 없었습니다');
    expect(screen.queryByTestId('erasure')).toBeNull();
  });

  it('shows which terminals have erased a customer and which have not', async () => {
    await openSync({ sync: 'online', replication: 'trouble' });
    const [open, done] = await screen.findAllByTestId('erasure');
    expect(open).toHaveTextContent('고객 #A1B2');
    expect(open).toHaveTextContent('아직: 단말 4 · 관리실');
    expect(done).toHaveTextContent('모든 단말에서 지웠습니다');
  });
});

describe('Sync: terminals', () => {
  it('sets and clears the hub by keys', async () => {
    const { user, backend } = await openSync({ sync: 'online' });
    within(await terminalNamed('단말 2'))
      .getByTestId('terminal-actions')
      .focus();
    await user.keyboard('{Enter}');
    await screen.findByTestId('terminal-hub');
    await user.keyboard('{ArrowDown}');
    await waitFor(() => expect(screen.getByTestId('terminal-hub')).toHaveFocus());
    await user.keyboard('{Enter}');
    expect(await screen.findByTestId('sync-said')).toHaveTextContent('단말 2 · 서문 입구로 정했습니다');
    const id = (await terminalNamed('단말 2')).dataset.terminal;
    expect(backend.requests.at(-1)?.command).toEqual({ type: 'saveHub', terminalId: id });
    await waitFor(async () => expect(await terminalNamed('단말 2')).toHaveTextContent('허브'));
    await user.click(within(await terminalNamed('단말 2')).getByTestId('terminal-actions'));
    await user.click(await screen.findByTestId('terminal-hub'));
    expect(await screen.findByText('허브를 해제했습니다.')).toBeInTheDocument();
    expect(backend.world.replication.hubId).toBeNull();
  });

  it('reclaims points only after the user confirms that the terminal is out of use', async () => {
    const { user, backend } = await openSync({ sync: 'online', replication: 'trouble' });
    await user.click(within(await terminalNamed('단말 4')).getByTestId('terminal-actions'));
    await user.click(await screen.findByTestId('terminal-reclaim'));
    expect(await screen.findByText(/1,240 P를 이 단말로 가져옵니다. 고객의 잔액/)).toBeInTheDocument();
    await user.keyboard('{Control>}{Enter}{/Control}');
    expect(screen.getByTestId('reclaim-confirm')).toBeDisabled();
    screen.getByTestId('reclaim-out').focus();
    await user.keyboard(' ');
    await user.keyboard('{Control>}{Enter}{/Control}');
    await waitFor(() => expect(screen.getByTestId('job')).toHaveAttribute('data-state', 'done'));
    expect(screen.getByTestId('job')).toHaveTextContent('포인트를 회수했습니다');
    expect(backend.world.replication.others.find(({ name }) => name?.startsWith('단말 4'))?.holds).toBe(0);
    await waitFor(async () =>
      expect(within(await terminalNamed('단말 4')).getByTestId('terminal-held')).toHaveTextContent('–'),
    );
  });

  it('reclaims points of earlier incarnations of this terminal', async () => {
    const { user, backend } = await openSync({ sync: 'online', replication: 'trouble' });
    await user.click(within(await terminalNamed('단말 1')).getByTestId('terminal-actions'));
    await user.click(await screen.findByTestId('terminal-reclaim'));
    expect(await screen.findByText('이 단말이 예전에 가졌던 포인트를 회수할까요?')).toBeInTheDocument();
    await user.click(screen.getByTestId('reclaim-out'));
    await user.click(screen.getByTestId('reclaim-confirm'));
    await waitFor(() => expect(backend.world.replication.formerlyHeld).toBe(0));
  });

  it('reclaims points of a terminal that never reported how many it holds', async () => {
    const { user } = await openSync({ sync: 'online', replication: 'trouble' });
    const rows = await screen.findAllByTestId('terminal');
    const nameless = rows.find((row) => row.dataset.name === '');
    if (!nameless) throw new Error('every terminal has a name');
    expect(within(nameless).getByTestId('terminal-held')).toHaveTextContent('모름');
    await user.click(within(nameless).getByTestId('terminal-actions'));
    expect(await screen.findByTestId('terminal-reclaim')).toHaveTextContent('모두 이 단말로 가져옵니다');
    await user.click(screen.getByTestId('terminal-reclaim'));
    expect(await screen.findByTestId('reclaim-confirm')).toHaveTextContent('포인트 회수');
  });

  it.each([
    ['a terminal in use', { sync: 'online', replication: 'trouble' }, '단말 2', '쓰이고 있는 단말입니다'],
    ['no connection', { sync: 'offline', replication: 'trouble' }, '단말 4', '연결된 뒤에'],
    ['reading', { sync: 'online', replication: 'reading' }, '단말 2', '다 읽은 뒤에'],
    ['not a manager', { sync: 'online', replication: 'trouble', role: 'staff' }, '단말 4', '관리자만'],
  ] as const)('shows why a reclaim is disabled: %s', async (_, scenario, name, why) => {
    const { user } = await openSync(scenario);
    await user.click(within(await terminalNamed(name)).getByTestId('terminal-actions'));
    const item = await screen.findByTestId('terminal-reclaim');
    expect(item).toBeDisabled();
    expect(item).toHaveTextContent(why);
  });

  it('shows the error of a failed reclaim in place', async () => {
    const { user, backend } = await openSync({ sync: 'online', replication: 'trouble' });
    await user.click(within(await terminalNamed('단말 4')).getByTestId('terminal-actions'));
    await user.click(await screen.findByTestId('terminal-reclaim'));
    const lost = backend.world.replication.others.find(({ name }) => name?.startsWith('단말 4'));
    if (lost) lost.lastHeardAt = Date.now();
    await user.click(await screen.findByTestId('reclaim-out'));
    await user.click(screen.getByTestId('reclaim-confirm'));
    const error = await screen.findByTestId('error');
    expect(error).toHaveAttribute('data-code', 'terminal_alive');
    expect(error).toHaveTextContent('단말 4 · 관리실에서 방금 소식이 왔습니다');
    expect(error).toHaveTextContent(/마지막 소식은 \d\d:\d\d입니다/);
    expect(error).toHaveTextContent('관리자가 동기화 화면에서 먼저 사용 중지로 바꾸거나');
  });
});

describe('Sync: quarantined messages', () => {
  it('shows a message as it was read, selectable, and closes on Escape', async () => {
    const { user } = await openSync({ sync: 'online', replication: 'trouble' });
    const [first] = await screen.findAllByTestId('quarantined');
    if (!first) throw new Error('nothing quarantined');
    expect(first).toHaveTextContent('기록이 너무 큽니다 (1.4 MB).');
    within(first).getByTestId('quarantined-raw').focus();
    await user.keyboard('{Enter}');
    const dialog = await screen.findByRole('dialog');
    expect(dialog).toHaveTextContent('io.nosmoke.paid.v1');
    expect(dialog).toHaveTextContent('the value has 1468006 bytes, more than 65536');
    expect(screen.getByTestId('raw-value').closest('[data-selectable]')).not.toBeNull();
    await user.keyboard('{Escape}');
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
  });

  it('opens a long list page by page', async () => {
    const { user } = await openSync({ sync: 'online', replication: 'long' });
    expect(await screen.findAllByTestId('quarantined')).toHaveLength(5);
    await user.click(screen.getByTestId('quarantine-all'));
    expect(screen.getAllByTestId('quarantined')).toHaveLength(50);
    await user.click(screen.getByTestId('quarantine-more'));
    await waitFor(() => expect(screen.getAllByTestId('quarantined')).toHaveLength(57));
    expect(screen.queryByTestId('quarantine-more')).toBeNull();
  });
});
