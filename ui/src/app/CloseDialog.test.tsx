import { act, screen, waitFor } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import { openScreen } from '../testing/places';
import { renderApp } from '../testing/render';

describe('closing the window', () => {
  it('asks about a running job, and says what happens to it', async () => {
    const { backend, user } = await renderApp();
    await screen.findByTestId('search');
    act(() => backend.announceClosing({ job: 'import', unsaved: false, slips: 0 }));
    const dialog = await screen.findByTestId('close-dialog');
    expect(dialog).toHaveTextContent('고객을 가져오는 중');
    expect(dialog).toHaveTextContent('멈추면 그때까지 등록한 고객은 남고, 나머지는 가져오지 않습니다.');
    expect(screen.getByTestId('close-stay')).toHaveFocus();
    await user.keyboard('{Enter}');
    await waitFor(() => expect(backend.world.desktop.choices).toEqual(['stay']));
    expect(screen.queryByTestId('close-dialog')).toBeNull();
  });

  it('closes when the job is done, shows so meanwhile, and can be taken back', async () => {
    const { backend, user } = await renderApp({ latencyMs: 1 });
    await screen.findByTestId('search');
    await act(() => backend.backUp(null));
    act(() => backend.announceClosing({ job: 'backup', unsaved: false, slips: 0 }));
    await user.click(await screen.findByTestId('close-when-done'));
    expect(await screen.findByTestId('closes-when-done')).toHaveTextContent('끝나면 창을 닫습니다');
    await user.click(screen.getByTestId('close-stay'));
    await waitFor(() => expect(backend.world.desktop.choices).toEqual(['whenDone', 'stay']));
    expect(screen.queryByTestId('closes-when-done')).toBeNull();
  });

  it('asks about settings that are not saved, from the first letter until they are', async () => {
    const { backend, user } = await renderApp();
    await openScreen(user, 'areas');
    await user.type(await screen.findByTestId('settings-facility-name'), '2');
    await waitFor(() => expect(backend.world.desktop.isUnsaved).toBe(true));
    act(() => backend.announceClosing({ job: null, unsaved: true, slips: 0 }));
    expect(await screen.findByTestId('close-dialog')).toHaveTextContent('저장하지 않은 설정이 있습니다');
    expect(screen.queryByTestId('close-when-done')).toBeNull();
    await user.click(screen.getByTestId('close-now'));
    await waitFor(() => expect(backend.world.desktop.choices).toEqual(['now']));
    await user.type(screen.getByTestId('settings-facility-name'), '{Enter}');
    await waitFor(() => expect(backend.world.desktop.isUnsaved).toBe(false));
  });

  it('closes at once with nothing to lose, and asks about what the program has not heard of yet', async () => {
    const { backend, user } = await renderApp();
    await openScreen(user, 'areas');
    await screen.findByTestId('settings-facility-name');
    act(() => backend.announceClosing({ job: null, unsaved: false, slips: 0 }));
    await waitFor(() => expect(backend.world.desktop.choices).toEqual(['now']));
    expect(screen.queryByTestId('close-dialog')).toBeNull();
    await user.type(screen.getByTestId('settings-facility-name'), '2');
    act(() => backend.announceClosing({ job: null, unsaved: false, slips: 0 }));
    expect(await screen.findByTestId('close-dialog')).toHaveTextContent('저장하지 않은 설정이 있습니다');
    expect(backend.world.desktop.choices).toEqual(['now']);
  });

  it('has nothing more to ask when the job ends while the dialog is open', async () => {
    const { backend } = await renderApp();
    await screen.findByTestId('search');
    act(() => backend.announceClosing({ job: 'export', unsaved: false, slips: 0 }));
    await screen.findByTestId('close-dialog');
    await act(() => backend.exportCustomers({ reason: 'audit' }));
    await waitFor(() => expect(screen.queryByTestId('close-dialog')).toBeNull());
    expect(backend.world.desktop.choices).toEqual(['stay']);
  });
});

describe('closing the window with slips that are not printed', () => {
  const slips = { job: null, unsaved: false, slips: 1 };

  it('asks, and says where to print them later', async () => {
    const { backend, user } = await renderApp({ printer: 'away' });
    await screen.findByTestId('search');
    act(() => backend.announceClosing(slips));
    const dialog = await screen.findByTestId('close-dialog');
    expect(dialog).toHaveTextContent('아직 나오지 않은 인쇄 1건이 있습니다.');
    expect(dialog).toHaveTextContent('‘영수증’에서 인쇄할 수 있습니다.');
    expect(screen.getByTestId('close-stay')).toHaveFocus();
    expect(screen.queryByTestId('close-when-done')).toBeNull();
    expect(screen.getByTestId('close-now')).toHaveTextContent('그래도 닫기');
    await user.click(screen.getByTestId('close-now'));
    await waitFor(() => expect(backend.world.desktop.choices).toEqual(['now']));
  });

  it('has nothing more to ask when they came out while the dialog is open', async () => {
    const { backend } = await renderApp({ printer: 'away' });
    await screen.findByTestId('search');
    act(() => backend.announceClosing(slips));
    await screen.findByTestId('close-dialog');
    backend.world.printer.waiting = [];
    await act(() => backend.discardSlip(1));
    await waitFor(() => expect(screen.queryByTestId('close-dialog')).toBeNull());
    expect(backend.world.desktop.choices).toEqual(['stay']);
  });
});

describe('folders and the file for support', () => {
  it('shows the folder of a written file by its job, never by a path', async () => {
    const { backend, user } = await renderApp();
    await screen.findByTestId('search');
    await act(() => backend.exportCustomers({ reason: 'audit' }));
    await user.click(await screen.findByTestId('show-folder-written'));
    await waitFor(() => expect(backend.world.desktop.shown).toHaveLength(1));
    expect(backend.world.desktop.shown[0]).toMatchObject({ folder: 'written' });
  });

  it('writes the diagnostics from the settings and from the screen of a failed start', async () => {
    const { backend, user, unmount } = await renderApp();
    await openScreen(user, 'backup');
    await user.click(await screen.findByTestId('diagnostics'));
    expect(await screen.findByTestId('diagnostics-done')).toHaveTextContent('nosmoke-diagnostics.zip');
    await user.click(screen.getByTestId('show-folder-logs'));
    await waitFor(() => expect(backend.world.desktop.shown).toContainEqual({ folder: 'logs' }));
    unmount();
    const failed = await renderApp({ startFailure: 'folder_unwritable' });
    expect(await screen.findByTestId('error')).toHaveTextContent('이 사용자는 데이터 폴더에 쓸 수 없습니다');
    await failed.user.click(screen.getByTestId('diagnostics'));
    expect(await screen.findByTestId('diagnostics-done')).toBeInTheDocument();
  });
});
