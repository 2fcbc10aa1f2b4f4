import { screen, waitFor, within } from '@testing-library/react';
import type { UserEvent } from '@testing-library/user-event';
import { describe, expect, it } from 'vitest';
import type { MockBackend, Scenario } from '../../backend/mock';
import { openScreen } from '../../testing/places';
import { renderApp } from '../../testing/render';

async function openSync(scenario: Partial<Scenario> = {}) {
  const app = await renderApp({ sync: 'online', ...scenario });
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
const openMenu = async (user: UserEvent, name: string) =>
  user.click(within(await terminalNamed(name)).getByTestId('terminal-actions'));

async function openDialog(user: UserEvent, name: string) {
  await openMenu(user, name);
  await user.click(await screen.findByTestId('terminal-retire'));
  return screen.findByRole('dialog');
}
const gone = () => waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
const terminalOf = ({ world }: MockBackend, name: string) => {
  const found = world.replication.others.find((one) => one.name?.startsWith(name));
  if (!found) throw new Error(`no terminal ${name}`);
  return found;
};

describe('Sync: a terminal out of use', () => {
  it('is retired by a manager, who then reclaims its points at once though it is heard', async () => {
    const { user, backend } = await openSync({ reclaimWaitS: 60 });
    const dialog = await openDialog(user, '단말 2');
    expect(dialog).toHaveTextContent('단말 2 · 서문 입구를 사용 중지할까요?');
    expect(dialog).toHaveTextContent('다른 단말이 그 단말에 포인트를 더 보내지 않습니다');
    expect(dialog).not.toHaveTextContent('허브');
    await user.keyboard('{Control>}{Enter}{/Control}');
    expect(await screen.findByTestId('sync-said')).toHaveTextContent(
      '단말 2 · 서문 입구를 사용 중지했습니다.',
    );
    const { terminalId } = terminalOf(backend, '단말 2');
    expect(backend.requests.at(-1)?.command).toEqual({ type: 'retireTerminal', terminalId, retired: true });
    const badge = () => terminalNamed('단말 2').then((row) => within(row).queryByTestId('terminal-retired'));
    await waitFor(async () => expect(await badge()).toHaveTextContent('사용 중지'));
    expect(within(await terminalNamed('단말 2')).getByTestId('terminal-held')).toHaveTextContent('3,200P');

    await openMenu(user, '단말 2');
    expect(await screen.findByTestId('terminal-hub')).toBeDisabled();
    await user.click(await screen.findByTestId('terminal-reclaim'));
    const reclaim = await screen.findByRole('dialog');
    expect(reclaim).toHaveTextContent('그 단말을 다시 켜면 포인트 없이 이어서 쓸 수 있습니다');
    expect(reclaim).not.toHaveTextContent('먼저 2분 동안');
    await user.click(screen.getByTestId('reclaim-out'));
    await user.keyboard('{Control>}{Enter}{/Control}');
    await waitFor(() => expect(screen.getByTestId('job')).toHaveAttribute('data-state', 'done'));
    expect(terminalOf(backend, '단말 2').holds).toBe(0);
  });

  it('is taken back into use', async () => {
    const { user, backend } = await openSync();
    terminalOf(backend, '단말 2').retired = true;
    backend.announce();
    await within(await terminalNamed('단말 2')).findByTestId('terminal-retired');
    const dialog = await openDialog(user, '단말 2');
    expect(dialog).toHaveTextContent('다시 사용할까요?');
    expect(dialog).toHaveTextContent('다른 단말이 다시 포인트를 보냅니다');
    await user.click(screen.getByTestId('retire-confirm'));
    expect(await screen.findByTestId('sync-said')).toHaveTextContent('다시 사용합니다');
    expect(terminalOf(backend, '단말 2').retired).toBe(false);
    await waitFor(async () =>
      expect(within(await terminalNamed('단말 2')).queryByTestId('terminal-retired')).toBeNull(),
    );
  });

  it('says that the hub collects no more points', async () => {
    const { user } = await openSync();
    expect(await openDialog(user, '관리실 서버')).toHaveTextContent('지금 허브인 단말입니다');
  });

  it('can be retired by managers only', async () => {
    const { user } = await openSync({ role: 'supervisor' });
    await openMenu(user, '단말 2');
    const item = await screen.findByTestId('terminal-retire');
    expect(item).toBeDisabled();
    expect(item).toHaveTextContent('관리자만');
  });

  it('keeps the error where the command was given', async () => {
    const { user } = await openSync({ recordFailure: 'disk_full' });
    await openDialog(user, '단말 2');
    await user.click(screen.getByTestId('retire-confirm'));
    await gone();
    expect(await screen.findByTestId('error')).toHaveAttribute('data-code', 'disk_full');
    expect(screen.queryByTestId('sync-said')).toBeNull();
  });
});

describe('Sync: a hurried person in the dialog that retires a terminal', () => {
  it.each([
    ['Enter', '{Enter}'],
    ['Escape', '{Escape}'],
    ['a scanned card', 'NS-2204-0391{Enter}'],
    ['a space', ' '],
  ])('records nothing by %s', async (_, keys) => {
    const { user, backend } = await openSync();
    await openDialog(user, '단말 2');
    await waitFor(() => expect(screen.getByText('그대로 두기').closest('button')).toHaveFocus());
    await user.keyboard(keys);
    await gone();
    expect(within(await terminalNamed('단말 2')).getByTestId('terminal-actions')).toHaveFocus();
    expect(backend.requests).toEqual([]);
    expect(terminalOf(backend, '단말 2').retired).toBe(false);
    expect(screen.getByTestId('sync-screen')).toBeInTheDocument();
  });

  it('records nothing by a key that bounces', async () => {
    const { user, backend } = await openSync();
    await openDialog(user, '단말 2');
    await waitFor(() => expect(screen.getByText('그대로 두기').closest('button')).toHaveFocus());
    await user.keyboard('NS-2204-0391{Enter}{Enter}{Enter}{Enter}');
    await gone();
    expect(backend.requests).toEqual([]);
  });

  it('records once, although confirmed twice, and does not close before the answer', async () => {
    const { user, backend } = await openSync();
    await openDialog(user, '단말 2');
    backend.world.scenario.latencyMs = 1_500;
    await user.keyboard('{Control>}{Enter}{Enter}{/Control}{Escape}{Enter}');
    expect(screen.getByRole('dialog')).toBeInTheDocument();
    await gone();
    await screen.findByTestId('sync-said');
    expect(backend.requests).toHaveLength(1);
    expect(terminalOf(backend, '단말 2').retired).toBe(true);
  });
});

describe('Sync: points to reclaim', () => {
  it('are those of earlier data too, though the terminal itself is in use', async () => {
    const { user, backend } = await openSync({ replication: 'trouble' });
    await openMenu(user, '단말 3');
    const item = await screen.findByTestId('terminal-reclaim');
    expect(item).toHaveTextContent('90 P를 이 단말로 가져옵니다');
    await user.click(item);
    const dialog = await screen.findByRole('dialog');
    expect(dialog).toHaveTextContent('단말 3 · 옥상 정원의 예전 자료에 있는 포인트를 회수할까요?');
    expect(dialog).toHaveTextContent('예전 PC나 복사한 폴더는 더 이상 쓰지 않습니다');
    await user.click(screen.getByTestId('reclaim-out'));
    await user.click(screen.getByTestId('reclaim-confirm'));
    await waitFor(() => expect(screen.getByTestId('job')).toHaveAttribute('data-state', 'done'));
    expect(terminalOf(backend, '단말 3')).toMatchObject({ holds: 3_200, holdsEarlier: 0 });
  });

  it('are reclaimed after a wait that shows its time and can be cancelled', async () => {
    const { user, backend } = await openSync({ replication: 'trouble', reclaimWaitS: 80 });
    await openMenu(user, '단말 4');
    await user.click(await screen.findByTestId('terminal-reclaim'));
    expect(await screen.findByRole('dialog')).toHaveTextContent('먼저 2분 동안 소식이 없는지 확인합니다');
    await user.click(screen.getByTestId('reclaim-out'));
    await user.keyboard('{Control>}{Enter}{Enter}{/Control}{Escape}');
    expect(await screen.findByTestId('job-waits')).toHaveTextContent(
      /^단말 4 · 관리실에서 소식이 없는지 확인하는 중, 1:(20|1\d) 남음$/,
    );
    expect(screen.getAllByTestId('job')).toHaveLength(1);
    expect(screen.queryByTestId('error')).toBeNull();
    await waitFor(() => expect(screen.getByTestId('job-waits')).toHaveTextContent(/1:1\d 남음/));
    await user.click(screen.getByTestId('job-cancel'));
    await waitFor(() => expect(screen.getByTestId('job')).toHaveAttribute('data-state', 'cancelled'));
    expect(terminalOf(backend, '단말 4').holds).toBe(1_240);
  });

  it('are reclaimed once nothing was heard', async () => {
    const { user, backend } = await openSync({ replication: 'trouble', reclaimWaitS: 2 });
    await openMenu(user, '단말 1');
    await user.click(await screen.findByTestId('terminal-reclaim'));
    await user.click(await screen.findByTestId('reclaim-out'));
    await user.click(screen.getByTestId('reclaim-confirm'));
    expect(await screen.findByTestId('job-waits')).toHaveTextContent('예전 PC에서 소식이 없는지 확인하는 중');
    await waitFor(() => expect(screen.getByTestId('job')).toHaveAttribute('data-state', 'done'));
    expect(backend.world.replication.formerlyHeld).toBe(0);
  });
});

describe('a retired terminal', () => {
  it('says so calmly on Sync, where a manager takes it back', async () => {
    const { user, backend } = await openSync({ retired: true });
    const [band] = await screen.findAllByTestId('sync-band');
    expect(band).toHaveAttribute('data-kind', 'retiredHere');
    expect(band).toHaveAttribute('data-tone', 'calm');
    expect(band).toHaveTextContent('이 단말은 사용 중지되어 있습니다');
    await openDialog(user, '단말 1');
    await user.click(screen.getByTestId('retire-confirm'));
    await waitFor(() => expect(backend.world.replication.retiredHere).toBe(false));
    await waitFor(() => expect(screen.queryByTestId('sync-band')).toBeNull());
    await openMenu(user, '단말 1');
    await screen.findByTestId('terminal-hub');
    expect(screen.queryByTestId('terminal-retire')).toBeNull();
  });

  it('says so on the desk, where work goes on, and leads a manager to Sync', async () => {
    const { user } = await renderApp({ sync: 'online', retired: true });
    const card = await screen.findByTestId('retired-card');
    expect(card).toHaveTextContent('기록은 평소처럼 할 수 있습니다');
    expect(card.closest('[role="status"]')).not.toBeNull();
    await user.click(screen.getByTestId('retired-to-sync'));
    await openDialog(user, '단말 1');
    await user.click(screen.getByTestId('retire-confirm'));
    await gone();
    await user.click(screen.getByTestId('rail-desk'));
    await screen.findByTestId('search');
    await waitFor(() => expect(screen.queryByTestId('retired-card')).toBeNull());
  });

  it('shows staff no way that they may not take', async () => {
    await renderApp({ sync: 'online', retired: true, role: 'staff' });
    expect(await screen.findByTestId('retired-card')).toHaveTextContent('관리자가 동기화 화면에서');
    expect(screen.queryByTestId('retired-to-sync')).toBeNull();
  });

  it('says so in one line while offline, when it hears of it', async () => {
    const { backend } = await renderApp({ sync: 'offline' });
    await screen.findByTestId('offline-card');
    expect(screen.queryByTestId('retired-card')).toBeNull();
    backend.world.replication.retiredHere = true;
    backend.announce();
    expect(await screen.findByTestId('retired-card')).toHaveTextContent(/^이 단말은 사용 중지되어 있습니다$/);
  });
});
