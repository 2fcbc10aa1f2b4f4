import { fireEvent, screen, waitFor, within } from '@testing-library/react';
import { describe, expect, it, vi } from 'vitest';
import type { Scenario } from '../../backend/mock';
import type { Screen } from '../../shared/navigation';
import { openScreen } from '../../testing/places';
import { renderApp } from '../../testing/render';

async function open(screenName: Screen, scenario: Partial<Scenario> = {}) {
  const app = await renderApp(scenario);
  await openScreen(app.user, screenName);
  await screen.findByTestId(`${screenName}-screen`);
  return app;
}

const areaNamed = (name: string) => {
  const found = screen.getAllByTestId('settings-area').find((row) => row.dataset.name === name);
  if (!found) throw new Error(`no area ${name}`);
  return found;
};

describe('Settings', () => {
  it('marks the section in sight: the chosen one, and after scrolling on the uppermost', async () => {
    const { user } = await open('areas');
    const marked = () =>
      screen.getByRole('navigation', { name: '구역의 항목' }).querySelector('[aria-current]');
    expect(marked()).toHaveTextContent('시설');
    await user.click(screen.getByTestId('settings-nav-evacuation'));
    expect(marked()).toHaveTextContent('대피 명단');
    const tops: Record<string, number> = { 'settings-facility': -400, 'settings-areas': 40 };
    vi.spyOn(HTMLElement.prototype, 'getBoundingClientRect').mockImplementation(function (this: HTMLElement) {
      return new DOMRect(0, tops[this.id] ?? (this.dataset.testid === 'settings-sheet' ? 0 : 900), 500, 600);
    });
    fireEvent.scroll(screen.getByTestId('settings-sheet'));
    expect(marked()).toHaveTextContent('흡연구역');
    vi.restoreAllMocks();
  });

  it('renames the facility on Enter and shows the new name everywhere', async () => {
    const { user, backend } = await open('areas');
    const field = screen.getByTestId('settings-facility-name');
    await user.clear(field);
    expect(screen.getByText('이름을 적어 주세요.')).toBeInTheDocument();
    await user.type(field, '새빛역{Enter}');
    expect(await screen.findByTestId('settings-said')).toHaveTextContent('저장했습니다');
    expect(backend.world.facility.name).toBe('새빛역');
    expect(screen.getByText('새빛역')).toBeInTheDocument();
  });

  it('adds areas on Enter and refuses a capacity that is not a number', async () => {
    const { user, backend } = await open('areas');
    await user.type(screen.getByTestId('settings-area-new-name'), '남측 흡연실');
    await user.type(screen.getByTestId('settings-area-new-capacity'), '-3{Enter}');
    expect(await screen.findByRole('alert')).toHaveTextContent('1 이상의 숫자');
    await user.clear(screen.getByTestId('settings-area-new-capacity'));
    await user.type(screen.getByTestId('settings-area-new-capacity'), '7{Enter}');
    await waitFor(() => expect(areaNamed('남측 흡연실')).toHaveTextContent('7명'));
    expect(screen.getByTestId('settings-area-new-name')).toHaveValue('');
    expect(screen.getByTestId('settings-area-new-name')).toHaveFocus();
    expect(backend.world.areas).toHaveLength(5);
  });

  it('removes the limit when the capacity is cleared', async () => {
    const { user, backend } = await open('areas');
    await user.click(within(areaNamed('동문 흡연구역')).getByTestId('settings-area-edit'));
    await user.clear(screen.getByTestId('settings-area-edit-capacity'));
    await user.keyboard('{Enter}');
    await waitFor(() => expect(areaNamed('동문 흡연구역')).toHaveTextContent('제한 없음'));
    expect(backend.world.areas[0]?.capacity).toBeNull();
  });

  it('does not retire an area with people inside', async () => {
    const { user, backend } = await open('areas');
    await user.click(within(areaNamed('동문 흡연구역')).getByTestId('settings-area-retire'));
    await user.click(await screen.findByTestId('settings-area-retire-confirm'));
    expect(await screen.findByTestId('error')).toHaveAttribute('data-code', 'area_occupied');
    expect(backend.world.areas).toHaveLength(4);
  });

  it('saves language, theme and sound at once', async () => {
    const { user, backend } = await open('settings');
    await user.click(screen.getByTestId('settings-sound-on'));
    await user.click(screen.getByTestId('settings-theme-dark'));
    await waitFor(() => expect(backend.world.preferences).toMatchObject({ sound: true, theme: 'dark' }));
    await user.click(screen.getByTestId('settings-language-en'));
    expect(await screen.findByRole('heading', { name: 'Settings' })).toBeInTheDocument();
  });

  it('keeps the size of the screens, by a button and by keys', async () => {
    const { user, backend } = await open('settings');
    await user.click(screen.getByTestId('settings-zoom-150'));
    await waitFor(() => expect(backend.world.preferences.zoom).toBe(150));
    await user.keyboard('{Control>}-{/Control}');
    await waitFor(() => expect(backend.world.preferences.zoom).toBe(125));
    await user.keyboard('{Control>}={/Control}');
    await waitFor(() => expect(backend.world.preferences.zoom).toBe(150));
    await user.keyboard('{Control>}0{/Control}');
    await waitFor(() => expect(backend.world.preferences.zoom).toBe(100));
  });

  it('backs up and shows the file', async () => {
    const { user } = await open('backup');
    expect(screen.getByTestId('settings-backup-last')).toHaveTextContent('아직 백업하지 않았습니다');
    await user.click(screen.getByTestId('settings-backup'));
    await waitFor(() => expect(screen.getByTestId('settings-said')).toHaveTextContent('.nosmoke'));
    await waitFor(() => expect(screen.getByTestId('settings-backup-last')).toHaveTextContent('.nosmoke'));
  });

  it('backs up daily once a folder is chosen, and changes when and how many are kept', async () => {
    const { user, backend } = await open('backup');
    await user.click(await screen.findByTestId('settings-backup-daily-on'));
    expect(await screen.findByTestId('settings-backup-folder')).toHaveTextContent('흡연구역 백업');
    expect(screen.getByTestId('settings-backup-daily-last')).toHaveTextContent('nosmoke-');
    await user.selectOptions(screen.getByTestId('settings-backup-hour'), '22');
    await user.selectOptions(screen.getByTestId('settings-backup-keep'), '30');
    await waitFor(() =>
      expect(backend.world.backups.schedule).toEqual({ enabled: true, hour: 22, keep: 30 }),
    );
    await user.click(screen.getByTestId('settings-backup-daily-off'));
    await waitFor(() => expect(screen.queryByTestId('settings-backup-folder')).toBeNull());
    expect(backend.world.backups.schedule.enabled).toBe(false);
  });

  it('says why daily backups fail and that they are tried again', async () => {
    await open('backup', { backups: 'failing' });
    const problem = await screen.findByTestId('settings-backup-problem');
    expect(within(problem).getByTestId('error')).toHaveAttribute('data-code', 'backup_target_missing');
    expect(screen.getByTestId('settings-backup-daily-next')).toHaveTextContent('10분마다 다시 시도');
  });

  it('lists the backups that still name erased people, and when each is removed', async () => {
    await open('backup', { backups: 'outdated' });
    const list = await screen.findByTestId('settings-backup-outdated');
    const [day, medium, newer, permission] = within(list).getAllByRole('definition');
    expect(day).toHaveTextContent(/에 지워집니다$/);
    expect(medium).toHaveTextContent('디스크를 연결하면 지워집니다');
    expect(newer).toHaveTextContent('새로 백업하면 지워집니다');
    expect(permission).toHaveTextContent('지울 수 없습니다');
    // The last one lies on a stick.
    const last = screen.getByTestId('settings-backup-daily-last');
    expect(last).toHaveTextContent('암호로 잠그세요');
    expect(last).toHaveTextContent('안전하게 제거한 뒤에 빼세요');
  });

  it('explains a restore before a file is chosen', async () => {
    const { user } = await open('backup');
    await user.click(screen.getByTestId('settings-restore'));
    expect(await screen.findByText(/백업에 담긴 기록으로 바뀝니다/)).toBeInTheDocument();
    await user.click(screen.getByTestId('settings-restore-confirm'));
    // After the restore, the program shows the desk with the backup's data.
    await waitFor(() => expect(screen.queryByTestId('settings-restoring')).toBeNull());
  });

  it('leaves the demonstration only after a confirmation', async () => {
    const { user, backend } = await open('settings', { demonstration: true });
    await user.click(screen.getByTestId('settings-demonstration-leave'));
    expect(backend.world.demonstration).toBe(true);
    await user.click(await screen.findByTestId('settings-demonstration-leave-confirm'));
    await waitFor(() => expect(backend.world.demonstration).toBe(false));
    await waitFor(() => expect(screen.queryByTestId('settings-demonstration')).toBeNull());
  });

  it('turns the gateway on, on a valid port only', async () => {
    const { user, backend } = await open('connections');
    expect(await screen.findByText('꺼져 있습니다.')).toBeInTheDocument();
    const port = screen.getByTestId('settings-gateway-port');
    await user.clear(port);
    await user.type(port, '80');
    expect(screen.getByText('1024부터 65535까지의 숫자를 적어 주세요.')).toBeInTheDocument();
    expect(screen.getByTestId('settings-gateway-save')).toBeDisabled();
    await user.type(port, '90');
    await user.click(screen.getByTestId('settings-gateway-on'));
    expect(await screen.findByText('http://127.0.0.1:8090 에서 답합니다.')).toBeInTheDocument();
    expect(screen.getByTestId('settings-gateway-token')).toHaveTextContent('gateway.token');
    expect(backend.world.gateway).toEqual({ enabled: true, port: 8090 });
  });
});
