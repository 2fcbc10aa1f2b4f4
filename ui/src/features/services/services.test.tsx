import { screen, waitFor, within } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import type { Scenario } from '../../backend/mock';
import { openScreen } from '../../testing/places';
import { renderApp } from '../../testing/render';

async function openServices(scenario: Partial<Scenario> = {}) {
  const app = await renderApp({ sync: 'online', ...scenario });
  await openScreen(app.user, 'services');
  await screen.findByTestId('services-graph');
  return app;
}

const nodes = () => screen.getAllByTestId('service');
function node(id: string): HTMLElement {
  const found = nodes().find(({ dataset }) => dataset.node === id);
  if (!found) throw new Error(`no node ${id}`);
  return found;
}
function edge(id: string): HTMLElement {
  const found = screen.getAllByTestId('edge').find(({ dataset }) => dataset.id === id);
  if (!found) throw new Error(`no edge ${id}`);
  return found;
}
const pane = () => screen.getByTestId('service-pane');

describe('Services: the graph', () => {
  it('s08_the_graph_shows_contexts_stores_kafka_terminals_and_their_traffic', async () => {
    await openServices();
    for (const name of ['체크인', '결제', '포인트', '패널티', '마이페이지', '보내기', '받기', 'Kafka']) {
      expect(within(screen.getByTestId('services-graph')).getByText(name)).toBeInTheDocument();
    }
    expect(node('sqlite')).toHaveTextContent('journal');
    expect(node('mypage_db')).toBeInTheDocument();
    expect(nodes().filter(({ textContent }) => textContent?.startsWith('단말'))).toHaveLength(2);
    expect(edge('pay point')).toHaveAttribute('data-kind', 'request');
    expect(edge('sqlite mypage')).toHaveAttribute('data-kind', 'event');
    expect(edge('check_in sqlite')).toHaveTextContent('17/분');
    expect(edge('check_in sqlite')).toHaveTextContent('2.9 · 9.1 ms');
    expect(screen.getByTestId('services-running')).toHaveTextContent('7');
    expect(screen.queryByTestId('services-failing')).toBeNull();
  });

  it('merges the window and the gateway, with an upper bound for their latency', async () => {
    await openServices();
    expect(edge('callers check_in')).toHaveTextContent('17/분');
    expect(edge('callers check_in')).toHaveTextContent('≤ 9.4 ms');
  });

  it('shows measurements of four hours and of a day', async () => {
    const { user } = await openServices();
    await user.click(node('check_in'));
    const written = () =>
      screen.getAllByTestId('traffic').find(({ dataset }) => dataset.id === 'check_in sqlite');
    expect(written()).toHaveTextContent('85건');
    await user.click(screen.getByText('4시간'));
    // The mock has run for only 96 minutes and a few seconds, less than the period, so the rate is for those.
    await waitFor(() => expect(written()).toHaveTextContent(/1,6[3-9]\d건/));
    expect(written()).toHaveTextContent('17/분');
    expect(screen.getByTestId('services-legend')).toHaveTextContent(/\d\d:\d\d부터 잰 것/);
    await user.click(screen.getByText('24시간'));
    await waitFor(() => expect(written()).toHaveTextContent(/1,6[3-9]\d건/));
    await user.click(screen.getByText('5분'));
    await waitFor(() => expect(written()).toHaveTextContent('85건'));
    expect(screen.getByTestId('services-legend')).not.toHaveTextContent('잰 것');
  });

  it('says that nothing has been measured yet', async () => {
    await openServices({ services: 'quiet' });
    expect(screen.getByTestId('services-quiet')).toHaveTextContent('지난 5분 동안 오간 것이 없습니다');
    expect(screen.queryByTestId('edge-words')).toBeNull();
  });

  it('says that there is no cluster and leads to the connection settings', async () => {
    const { user } = await openServices({ sync: 'alone' });
    expect(screen.getByTestId('services-running')).toHaveTextContent('5');
    expect(node('kafka')).toHaveTextContent('설정 안 함');
    expect(edge('publisher kafka')).toHaveAttribute('data-tone', 'still');
    await user.click(node('publisher'));
    expect(pane()).toHaveTextContent('모든 기록은 이 컴퓨터에 저장됩니다');
    expect(screen.queryByTestId('context-stop')).toBeNull();
    await user.click(screen.getByTestId('services-connection'));
    expect(await screen.findByTestId('connections-screen')).toBeInTheDocument();
  });

  it('shows the database server of Mypage', async () => {
    const { user } = await openServices({ mypageEngine: 'postgres' });
    await waitFor(() => expect(node('mypage_db')).toHaveTextContent('PostgreSQL'));
    await user.click(node('mypage_db'));
    expect(pane()).toHaveTextContent('모아 두는 서버입니다');
  });

  it('shows no error colours while offline', async () => {
    await openServices({ sync: 'offline' });
    expect(node('kafka')).toHaveAttribute('data-tone', 'warn');
    for (const one of screen.getAllByTestId('edge')) expect(one).not.toHaveAttribute('data-tone', 'blocked');
  });

  it('folds many terminals into one node that lists them', async () => {
    const { user } = await openServices({ services: 'many' });
    expect(node('more')).toHaveTextContent('외 7대');
    expect(node('more')).toHaveTextContent('1대 소식 없음');
    await user.click(node('more'));
    const all = screen.getAllByTestId('folded-terminal');
    expect(all).toHaveLength(12);
    await user.click(all[7] as HTMLElement);
    expect(pane()).toHaveTextContent('지금은 소식이 없습니다');
  });

  it('keeps the graph when refetching fails, and shows the error', async () => {
    const { backend } = await openServices();
    backend.world.scenario.services = 'broken';
    backend.announce();
    expect(await screen.findByTestId('error')).toHaveAttribute('data-code', 'storage_failed');
    expect(screen.getByTestId('services-graph')).toBeInTheDocument();
    backend.world.scenario.services = 'ok';
    // The error disappears without a click, because the screen polls every two seconds.
    await waitFor(() => expect(screen.queryByTestId('error')).toBeNull());
  });

  it('shows the error of the first load and retries', async () => {
    const app = await renderApp({ services: 'broken' });
    await openScreen(app.user, 'services');
    expect(await screen.findByTestId('error')).toHaveAttribute('data-code', 'storage_failed');
    app.backend.world.scenario.services = 'ok';
    await app.user.click(screen.getByText('다시 시도'));
    expect(await screen.findByTestId('services-graph')).toBeInTheDocument();
  });
});

describe('Services: one node', () => {
  it('starts at a failing context and shows its errors, newest first', async () => {
    await openServices({ services: 'failing' });
    expect(pane()).toHaveAttribute('data-of', 'point');
    expect(screen.getByTestId('service-state')).toHaveTextContent('실패');
    expect(screen.getByTestId('service-problem')).toHaveTextContent('earning panicked');
    expect(pane()).toHaveTextContent('되살림 2');
    expect(pane()).toHaveTextContent('미뤄 둔 고객 1');
    expect(node('mypage')).toHaveTextContent('812건 밀림');
    // Mypage still answers requests while it is failing; point doesn't.
    expect(edge('callers mypage')).toHaveAttribute('data-tone', 'plain');
    expect(edge('sqlite mypage')).toHaveAttribute('data-tone', 'blocked');
    expect(edge('pay point')).toHaveAttribute('data-tone', 'blocked');
    const [breaker] = screen.getAllByTestId('breaker');
    expect(breaker).toHaveAttribute('data-state', 'open');
    expect(breaker).toHaveTextContent(/[0-8]초 뒤 다시 확인|다음 요청으로 확인/);
  });

  it('s08_a_failing_context_shows_a_countdown_to_its_next_attempt', async () => {
    await openServices({ services: 'failing' });
    const left = () =>
      Number(/(\d+)초 뒤 5번째/.exec(screen.getByTestId('service-attempt').textContent ?? '')?.[1]);
    await waitFor(() => expect(left()).toBeGreaterThan(2));
    const before = left();
    await waitFor(() => expect(left()).toBeLessThan(before));
    expect(node('point')).toHaveTextContent('3건 밀림');
  });

  it('finds errors by words and copies the shown ones', async () => {
    const { user } = await openServices({ services: 'failing' });
    await user.click(node('mypage'));
    expect(screen.getAllByTestId('service-problem')).toHaveLength(5);
    await user.type(screen.getByTestId('problems-seek'), 'MALFORMED disk');
    expect(screen.getAllByTestId('service-problem')).toHaveLength(5);
    await user.click(screen.getByTestId('problems-copy'));
    const copied = await navigator.clipboard.readText();
    expect(copied.split('\n')).toHaveLength(6);
    expect(copied).toMatch(/^마이페이지\n\d{4}-\d\d-\d\dT.*Z projector: database disk image is malformed/);
    await user.clear(screen.getByTestId('problems-seek'));
    await user.type(screen.getByTestId('problems-seek'), 'nothing such');
    expect(screen.queryByTestId('service-problem')).toBeNull();
    expect(pane()).toHaveTextContent('찾는 말이 있는 오류가 없습니다');
    expect(screen.getByTestId('problems-copy')).toBeDisabled();
    // The search text isn't kept when another node is chosen.
    await user.click(node('point'));
    expect(screen.getAllByTestId('service-problem')).toHaveLength(1);
    // There is no search field for a single error.
    expect(screen.queryByTestId('problems-seek')).toBeNull();
    await user.click(node('mypage'));
    expect(screen.getByTestId('problems-seek')).toHaveValue('');
  });

  it('s08_a_stop_shows_who_stopped_it_when_and_why', async () => {
    const { user, backend } = await openServices();
    await user.click(screen.getByTestId('context-stop'));
    await user.type(await screen.findByTestId('context-stop-reason'), ' 점검 ');
    await user.keyboard('{Control>}{Enter}{/Control}');
    await waitFor(() => expect(node('point')).toHaveTextContent(/중지 \d\d:\d\d/));
    expect(pane()).toHaveTextContent(/\d\d:\d\d에 관리자 박○연이 중지했습니다\./);
    expect(screen.getByTestId('service-why')).toHaveTextContent('사유: 점검');
    Object.assign(backend.world.services.point.stoppedBy ?? {}, {
      via: 'rest',
      staffName: null,
      reason: null,
    });
    backend.announce();
    await waitFor(() => expect(pane()).toHaveTextContent('REST 게이트웨이로 중지했습니다'));
    expect(screen.queryByTestId('service-why')).toBeNull();
    await user.click(screen.getByTestId('context-start'));
    await waitFor(() => expect(pane()).not.toHaveTextContent('중지했습니다.'));
  });

  it('s08_a_backlog_shows_the_age_of_its_oldest_item', async () => {
    await openServices({ services: 'stopped' });
    expect(screen.getByTestId('service-lag')).toHaveTextContent('38건');
    expect(screen.getByTestId('service-oldest')).toHaveTextContent(/\d\d:\d\d · 16분 전/);
    expect(screen.getByTestId('service-visits')).toHaveTextContent(/[1-9]\d*건/);
    expect(screen.getByTestId('service-oldest-visit')).toHaveTextContent('16분 전');
  });

  it('shows when another terminal was heard and what was consumed from it', async () => {
    const { user } = await openServices();
    const terminal = nodes().find(({ textContent }) => textContent?.startsWith('단말 2'));
    if (!terminal) throw new Error('no terminal');
    expect(terminal).toHaveTextContent(/[1-9]초 전/);
    await user.click(terminal);
    expect(screen.getByTestId('service-heard')).toHaveTextContent(/[1-9]초 전/);
    expect(screen.getByTestId('traffic')).toHaveTextContent('단말 2 · 서문 입구 → Kafka');
    expect(screen.getByTestId('traffic')).toHaveTextContent('12/분');
    expect(pane()).toHaveTextContent('그 단말이 읽은 것은 여기서 보이지 않습니다');
    await user.click(node('kafka'));
    expect(screen.getAllByTestId('traffic').map(({ dataset }) => dataset.id)).toHaveLength(5);
  });

  it('s08_measures_the_publishers_reads_and_mypages_writes', async () => {
    const { user } = await openServices();
    expect(edge('sqlite publisher')).toHaveTextContent('27/분');
    expect(edge('mypage mypage_db')).toHaveTextContent('22/분');
    await user.click(node('mypage_db'));
    expect(screen.getByTestId('traffic')).toHaveTextContent('마이페이지 → mypage.db');
  });

  it('moves the focus between graph and pane by keys', async () => {
    const { user } = await openServices();
    await waitFor(() => expect(node('point')).toHaveFocus());
    await user.keyboard('{ArrowUp}{Enter}{Tab}');
    expect(pane()).toHaveFocus();
    await user.keyboard('{Tab}');
    expect(screen.getByTestId('context-stop')).toHaveFocus();
    await user.keyboard('{Escape}');
    expect(node('pay')).toHaveFocus();
    await user.keyboard('{Shift>}{Tab}{/Shift}');
    expect(nodes().some((one) => one === document.activeElement)).toBe(false);
  });

  it('chooses a node by arrow keys and Enter', async () => {
    const { user } = await openServices();
    await waitFor(() => expect(node('point')).toHaveFocus());
    await user.keyboard('{ArrowUp}');
    expect(node('pay')).toHaveFocus();
    expect(pane()).toHaveAttribute('data-of', 'point');
    await user.keyboard('{Enter}');
    expect(pane()).toHaveAttribute('data-of', 'pay');
    expect(node('pay')).toHaveAttribute('aria-pressed', 'true');
    await user.keyboard('{ArrowRight}{ArrowRight}{ }');
    // Space waits until no scan can follow.
    await waitFor(() => expect(pane()).toHaveAttribute('data-of', 'kafka'));
  });

  it('opens from the palette', async () => {
    const { user } = await renderApp();
    await user.keyboard('{Control>}k{/Control}');
    await user.type(await screen.findByTestId('palette-search'), '서비스{Enter}');
    expect(await screen.findByTestId('services-graph')).toBeInTheDocument();
  });

  it('asks before a stop, with its consequences; Escape stops nothing', async () => {
    const { user, backend } = await openServices();
    await user.click(screen.getByTestId('context-stop'));
    const dialog = await screen.findByRole('dialog');
    expect(dialog).toHaveTextContent('포인트를 중지할까요?');
    expect(dialog).toHaveTextContent('체크인과 체크아웃은 계속됩니다');
    expect(dialog).toHaveTextContent('거절된 것은 기록되지 않습니다');
    await user.keyboard('{Escape}');
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
    expect(backend.world.services.point.state).toBe('running');
  });

  it('s08_stop_and_start_are_seen_in_the_graph', async () => {
    const { user, backend } = await openServices();
    await user.click(screen.getByTestId('context-stop'));
    await user.click(await screen.findByTestId('context-stop-confirm'));
    await waitFor(() => expect(node('point')).toHaveAttribute('data-tone', 'stopped'));
    expect(screen.getByTestId('services-stopped')).toHaveTextContent('1');
    expect(node('pay')).toHaveTextContent('거절 중');
    expect(node('check_in')).toHaveTextContent('실행 중');
    expect(edge('pay point')).toHaveAttribute('data-tone', 'blocked');
    expect(edge('sqlite point')).toHaveAttribute('data-tone', 'still');
    expect(screen.getByTestId('service-said')).toHaveTextContent('포인트를 중지했습니다.');
    // New facts wait meanwhile, and the button says how many.
    const [record] = backend.world.records;
    if (!record) throw new Error('no records');
    backend.world.records.push(record, record);
    backend.announce({ customers: [record.customer.customerId] });
    await waitFor(() => expect(screen.getByTestId('context-start')).toHaveTextContent('밀린 2건'));
    await user.click(screen.getByTestId('context-start'));
    await waitFor(() => expect(node('point')).toHaveAttribute('data-tone', 'ok'));
    expect(screen.getByTestId('service-lag')).toHaveTextContent('0건');
    expect(screen.getByTestId('service-said')).toHaveTextContent('포인트를 시작했습니다.');
    expect(edge('pay point')).toHaveAttribute('data-tone', 'plain');
  });

  it('does not let staff stop a context', async () => {
    await openServices({ role: 'staff' });
    expect(screen.getByTestId('context-stop')).toBeDisabled();
    expect(pane()).toHaveTextContent('관리자만 중지하고 시작할 수 있습니다');
  });

  it('shows the error of a failed stop in the pane', async () => {
    const { user, backend } = await openServices();
    backend.world.staff.role = 'staff';
    await user.click(screen.getByTestId('context-stop'));
    await user.click(await screen.findByTestId('context-stop-confirm'));
    expect(await within(pane()).findByTestId('error')).toHaveAttribute('data-code', 'not_authorised');
    expect(node('point')).toHaveAttribute('data-tone', 'ok');
  });

  it('shows on the Mypage screen that Mypage is stopped', async () => {
    const { user, backend } = await openServices();
    await backend.stopContext({ name: 'mypage', reason: null });
    await user.click(screen.getByTestId('rail-desk'));
    await user.type(await screen.findByTestId('search'), '1190');
    await waitFor(() => expect(screen.getByTestId('customer-name-shown')).toHaveTextContent('강민석'));
    await user.keyboard('{F8}');
    await screen.findByTestId('mypage-screen');
    const [error] = await screen.findAllByTestId('error');
    expect(error).toHaveAttribute('data-code', 'context_stopped');
    expect(error).toHaveTextContent('기록은 모두 그대로 있습니다');
  });
});
