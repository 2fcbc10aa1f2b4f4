import { screen, waitFor, within } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import type { Scenario } from '../../backend/mock';
import { renderApp } from '../../testing/render';

async function openSync(scenario: Partial<Scenario> = {}) {
  const app = await renderApp(scenario);
  await app.user.click(await screen.findByTestId('rail-sync'));
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
  it('alone explains itself and leads to the connection by Enter', async () => {
    const { user } = await openSync();
    expect(await screen.findByText(/이 단말은 혼자 일합니다/)).toBeInTheDocument();
    expect(screen.getByTestId('sync-settings')).toHaveFocus();
    await user.keyboard('{Enter}');
    await screen.findByTestId('settings-screen');
    await waitFor(() => expect(screen.getByTestId('connection-servers')).toHaveFocus());
  });

  it('is opened by the palette and by the chip', async () => {
    const { user } = await renderApp({ sync: 'online' });
    await user.keyboard('{Control>}k{/Control}');
    await user.type(await screen.findByTestId('palette-search'), '동기화{Enter}');
    expect(await screen.findByTestId('sync-words')).toHaveAttribute('data-doing', 'waiting');
    await user.click(screen.getByTestId('rail-desk'));
    await user.click(await screen.findByTestId('sync-chip'));
    expect(await screen.findByTestId('sync-words')).toBeInTheDocument();
  });

  it('offline tells since when, what waits, and that nothing is lost', async () => {
    await openSync({ sync: 'offline' });
    expect(await screen.findByTestId('sync-words')).toHaveTextContent(
      '오프라인입니다. 기록은 모두 이 단말에 있고',
    );
    expect(screen.getByTestId('sync-pending')).toHaveTextContent('7건');
    expect(screen.getByTestId('sync-oldest')).toHaveTextContent('결제 · 임○원');
    expect(screen.getByTestId('sync-outage')).toHaveTextContent('1시간 35분');
    expect(screen.getByTestId('sync-last-error')).toHaveTextContent('랜선과 공유기');
  });

  it('tries again at once by Enter and says so', async () => {
    const { user, backend } = await openSync({ sync: 'offline' });
    await waitFor(() => expect(screen.getByTestId('sync-retry')).toHaveFocus());
    await user.keyboard('{Enter}');
    await waitFor(() => expect(backend.world.exchange.retries).toBe(1));
    expect(await screen.findByText(/다시 연결해 보고 있습니다/)).toBeInTheDocument();
  });

  it('counts a backlog down as it is sent', async () => {
    const { backend } = await openSync({ sync: 'online', exchange: 'sending' });
    expect(await screen.findByTestId('sync-pending')).toHaveTextContent('14건 중 0건 보냄');
    backend.world.exchange.pending = 5;
    backend.announceLink();
    await waitFor(() => expect(screen.getByTestId('sync-pending')).toHaveTextContent('14건 중 9건 보냄'));
    expect(screen.getByRole('progressbar')).toBeInTheDocument();
    backend.world.exchange.pending = 0;
    backend.announceLink();
    await waitFor(() => expect(screen.getByTestId('sync-pending')).toHaveTextContent('모두 보냈습니다'));
    expect(screen.queryByRole('progressbar')).toBeNull();
    expect(screen.getByTestId('sync-last-error')).toHaveTextContent('지금은 할 일이 없습니다');
  });

  it('compares each terminal by a sign and words', async () => {
    await openSync({ sync: 'online', exchange: 'trouble' });
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

  it('tells every alarm in words, the worst first', async () => {
    const { user } = await openSync({ sync: 'online', exchange: 'trouble' });
    await screen.findAllByTestId('sync-band');
    expect(bands()).toEqual([
      'digestDiffers',
      'forked',
      'newLife',
      'newLog',
      'needsUpdate',
      'clock',
      'sealed',
    ]);
    expect(screen.getByText('이 PC의 시계가 4분 느립니다')).toBeInTheDocument();
    await user.click(screen.getByTestId('sync-to-pairing'));
    expect(await screen.findByTestId('pairing-show')).toBeInTheDocument();
  });

  it('names the first customer that differs, masked, and leads to their Mypage', async () => {
    const { user } = await openSync({ sync: 'online', exchange: 'trouble' });
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
  ])('says what is known of a difference: %j', async (difference, words, hasWay) => {
    const app = await renderApp({ sync: 'online', exchange: 'trouble' });
    app.backend.world.exchange.difference = difference;
    await app.user.click(await screen.findByTestId('rail-sync'));
    const [band] = await screen.findAllByTestId('sync-band');
    if (!band) throw new Error('nothing differs');
    expect(band).toHaveTextContent(words);
    expect(within(band).queryAllByTestId('sync-to-mypage')).toHaveLength(hasWay ? 1 : 0);
  });

  it('is calm when nothing is wrong', async () => {
    await openSync({ sync: 'online' });
    await screen.findAllByTestId('terminal');
    expect(bands()).toEqual([]);
    expect(screen.getByTestId('sync-last-error')).toHaveTextContent('오류가 없었습니다');
    expect(screen.queryByTestId('erasure')).toBeNull();
  });

  it('tells who has erased a person and who has not', async () => {
    await openSync({ sync: 'online', exchange: 'trouble' });
    const [open, done] = await screen.findAllByTestId('erasure');
    expect(open).toHaveTextContent('고객 #A1B2');
    expect(open).toHaveTextContent('아직: 단말 4 · 관리실');
    expect(done).toHaveTextContent('모든 단말에서 지웠습니다');
  });
});

describe('Sync: terminals', () => {
  it('names a hub and takes the name away, by keys', async () => {
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
    expect(backend.world.exchange.hubId).toBeNull();
  });

  it('reclaims the points of a lost terminal only when a person says it is out of use', async () => {
    const { user, backend } = await openSync({ sync: 'online', exchange: 'trouble' });
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
    expect(backend.world.exchange.others.find(({ name }) => name?.startsWith('단말 4'))?.held).toBe(0);
    await waitFor(async () =>
      expect(within(await terminalNamed('단말 4')).getByTestId('terminal-held')).toHaveTextContent('–'),
    );
  });

  it('reclaims what earlier lives of this terminal hold', async () => {
    const { user, backend } = await openSync({ sync: 'online', exchange: 'trouble' });
    await user.click(within(await terminalNamed('단말 1')).getByTestId('terminal-actions'));
    await user.click(await screen.findByTestId('terminal-reclaim'));
    expect(await screen.findByText('이 단말이 예전에 가졌던 포인트를 회수할까요?')).toBeInTheDocument();
    await user.click(screen.getByTestId('reclaim-out'));
    await user.click(screen.getByTestId('reclaim-confirm'));
    await waitFor(() => expect(backend.world.exchange.formerlyHeld).toBe(0));
  });

  it('reclaims what was not counted, too', async () => {
    const { user } = await openSync({ sync: 'online', exchange: 'trouble' });
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
    ['a terminal in use', { sync: 'online', exchange: 'trouble' }, '단말 2', '쓰이고 있는 단말입니다'],
    ['no link', { sync: 'offline', exchange: 'trouble' }, '단말 4', '연결된 뒤에'],
    ['reading', { sync: 'online', exchange: 'reading' }, '단말 2', '다 읽은 뒤에'],
    ['not a manager', { sync: 'online', exchange: 'trouble', role: 'staff' }, '단말 4', '관리자만'],
  ] as const)('says why it cannot reclaim: %s', async (_, scenario, name, why) => {
    const { user } = await openSync(scenario);
    await user.click(within(await terminalNamed(name)).getByTestId('terminal-actions'));
    const item = await screen.findByTestId('terminal-reclaim');
    expect(item).toBeDisabled();
    expect(item).toHaveTextContent(why);
  });

  it('shows in place what the program refuses', async () => {
    const { user, backend } = await openSync({ sync: 'online', exchange: 'trouble' });
    await user.click(within(await terminalNamed('단말 4')).getByTestId('terminal-actions'));
    await user.click(await screen.findByTestId('terminal-reclaim'));
    const lost = backend.world.exchange.others.find(({ name }) => name?.startsWith('단말 4'));
    if (lost) lost.lastHeardAt = Date.now();
    await user.click(await screen.findByTestId('reclaim-out'));
    await user.click(screen.getByTestId('reclaim-confirm'));
    const error = await screen.findByTestId('error');
    expect(error).toHaveAttribute('data-code', 'terminal_alive');
    expect(error).toHaveTextContent('단말 4 · 관리실에서 방금 소식이 왔습니다');
    expect(error).toHaveTextContent(/마지막 소식은 \d\d:\d\d입니다/);
  });
});

describe('Sync: quarantined records', () => {
  it('shows one as it was read, all of it to be selected, and closes by Esc', async () => {
    const { user } = await openSync({ sync: 'online', exchange: 'trouble' });
    const [first] = await screen.findAllByTestId('quarantined');
    if (!first) throw new Error('nothing quarantined');
    expect(first).toHaveTextContent('기록이 너무 큽니다 (1.4 MB).');
    within(first).getByTestId('quarantined-raw').focus();
    await user.keyboard('{Enter}');
    const dialog = await screen.findByRole('dialog');
    expect(dialog).toHaveTextContent('io.nosmoke.paid.v1');
    expect(dialog).toHaveTextContent('1468006 bytes, at most 1048576');
    expect(screen.getByTestId('raw-value').closest('[data-selectable]')).not.toBeNull();
    await user.keyboard('{Escape}');
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
  });

  it('opens a long list step by step', async () => {
    const { user } = await openSync({ sync: 'online', exchange: 'long' });
    expect(await screen.findAllByTestId('quarantined')).toHaveLength(5);
    await user.click(screen.getByTestId('quarantine-all'));
    expect(screen.getAllByTestId('quarantined')).toHaveLength(20);
    await user.click(screen.getByTestId('quarantine-more'));
    await waitFor(() => expect(screen.getAllByTestId('quarantined')).toHaveLength(40));
    await user.click(screen.getByTestId('quarantine-more'));
    await waitFor(() => expect(screen.getAllByTestId('quarantined')).toHaveLength(57));
    expect(screen.queryByTestId('quarantine-more')).toBeNull();
  });
});
