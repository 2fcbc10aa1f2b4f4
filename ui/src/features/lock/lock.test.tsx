import { act, fireEvent, screen, waitFor, within } from '@testing-library/react';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { MockBackend } from '../../backend/mock';
import { PINS } from '../../backend/mock/people';
import { find, isInHand, settle } from '../../testing/desk';
import { press, rest, scan } from '../../testing/keys';
import { openScreen } from '../../testing/places';
import { renderApp } from '../../testing/render';

afterEach(() => vi.restoreAllMocks());

type App = Awaited<ReturnType<typeof renderApp>>;

const lockedApp = async (scenario = {}) => {
  const app = await renderApp({ lock: 'yes', ...scenario });
  await screen.findByTestId('people');
  return app;
};

const people = () => screen.getAllByTestId('person').map(({ textContent }) => textContent);

async function signIn({ user }: App, name: string, pin: string) {
  await user.type(await screen.findByTestId('people-find'), `${name}{Enter}`);
  await user.type(await screen.findByTestId('sign-in-pin'), `${pin}{Enter}`);
  await waitFor(() => expect(screen.queryByTestId('lock-screen')).toBeNull());
}

async function lock({ user }: App) {
  await user.keyboard('{Control>}l{/Control}');
  await screen.findByTestId('people');
}

const wrongPins = async ({ user }: App, count: number) => {
  for (let index = 0; index < count; index += 1) {
    await user.type(await screen.findByTestId('sign-in-pin'), '000000{Enter}');
    await waitFor(() => expect(screen.getByTestId('sign-in-pin')).toHaveValue(''));
  }
};

describe('The lock screen', () => {
  it('shows time, link and counts, and names no customer', async () => {
    await lockedApp({ sync: 'online' });
    expect(screen.getByTestId('lock-time')).toHaveTextContent(/^\d\d:\d\d$/);
    expect(screen.getByTestId('lock-link')).toHaveTextContent('온라인');
    expect(screen.getByTestId('lock-total')).toHaveTextContent('13명');
    expect(screen.getAllByTestId('lock-area')[0]).toHaveTextContent('동문 흡연구역6 / 12명');
    expect(document.body).not.toHaveTextContent('고명숙');
    expect(screen.queryByTestId('rail-desk')).toBeNull();
  });

  it('lets a person be chosen by number, by the arrow keys and by letters of the name', async () => {
    const app = await lockedApp();
    expect(people()).toEqual(['1박서연관리자', '2이하은직원', '3최민준책임자']);
    act(() => press('2'));
    expect(await screen.findByTestId('sign-in')).toHaveTextContent('이하은');
    await app.user.keyboard('{Escape}');
    await screen.findByTestId('people');
    await app.user.keyboard('{ArrowDown}{Enter}');
    expect(await screen.findByTestId('sign-in')).toHaveTextContent('최민준');
    await app.user.click(screen.getByTestId('sign-in-back'));
    await app.user.type(await screen.findByTestId('people-find'), 'ㅂㅅㅇ');
    expect(people()).toEqual(['1박서연관리자']);
    await app.user.keyboard(`{Enter}`);
    await app.user.type(await screen.findByTestId('sign-in-pin'), `${PINS.manager}{Enter}`);
    expect(await screen.findByTestId('staff')).toHaveTextContent('박서연 관리자');
  });

  it('says how many tries are left, and counts the wait down after five wrong PINs', async () => {
    const app = await lockedApp();
    await app.user.type(screen.getByTestId('people-find'), '이하은{Enter}');
    await wrongPins(app, 1);
    expect(screen.getByTestId('sign-in')).toHaveTextContent('4번 더 틀리면');
    await wrongPins(app, 4);
    expect(await screen.findByTestId('sign-in-wait')).toHaveTextContent('0:30');
    expect(screen.getByTestId('sign-in-pin')).toBeDisabled();
    const now = performance.now();
    vi.spyOn(performance, 'now').mockReturnValue(now + 12_000);
    await waitFor(() => expect(screen.getByTestId('sign-in-wait')).toHaveTextContent('0:18'));
    vi.spyOn(performance, 'now').mockReturnValue(now + 31_000);
    await waitFor(() => expect(screen.getByTestId('sign-in-pin')).toBeEnabled());
    await app.user.type(screen.getByTestId('sign-in-pin'), `${PINS.staff}{Enter}`);
    expect(await screen.findByTestId('staff')).toHaveTextContent('이하은');
  });

  it('shows a wait in the list, and lets others in meanwhile', async () => {
    const app = await lockedApp({ lock: 'tried' });
    expect(screen.getByTestId('person-wait')).toHaveTextContent('0:30');
    await signIn(app, '박서연', PINS.manager);
    expect(await screen.findByTestId('staff')).toHaveTextContent('박서연');
  });

  it('does nothing with a card that is read, also into the PIN', async () => {
    const { backend, user } = await lockedApp();
    scan('NS-2204-0391');
    await settle();
    expect(screen.getByTestId('people-find')).toHaveValue('');
    // Just after a scan an Enter belongs to it.
    rest(2_000);
    await user.keyboard('{Enter}');
    await screen.findByTestId('sign-in-pin');
    scan('00000391');
    await settle();
    expect(screen.getByTestId('sign-in-pin')).toHaveValue('');
    expect(screen.queryByText(/PIN이 다릅니다/)).toBeNull();
    expect(backend.requests).toEqual([]);
  });

  it('prints the evacuation list by one key, before anyone has signed in', async () => {
    const print = vi.fn();
    vi.stubGlobal('print', print);
    const { user, backend } = await lockedApp();
    await user.keyboard('{F10}');
    expect(await screen.findByTestId('lock-evacuation-list')).toHaveTextContent('고명숙');
    expect(screen.getAllByTestId('evacuation-row')).toHaveLength(13);
    await waitFor(() => expect(screen.getByTestId('evacuation-print')).toHaveFocus());
    await user.keyboard('{Enter}');
    expect(print).toHaveBeenCalledTimes(1);
    await waitFor(() =>
      expect(backend.world.access.rows.map(({ act: what }) => what).slice(-2)).toEqual([
        'evacuationList',
        'printed',
      ]),
    );
    await user.keyboard('{Escape}');
    expect(await screen.findByTestId('people')).toBeInTheDocument();
    expect(document.body).not.toHaveTextContent('고명숙');
    vi.unstubAllGlobals();
  });

  it('reads the evacuation list again after a failure', async () => {
    const { user, backend } = await lockedApp();
    vi.spyOn(backend, 'evacuationList').mockRejectedValueOnce({ code: 'storage_busy', params: {} });
    await user.keyboard('{F10}');
    const error = await screen.findByTestId('error');
    await user.click(within(error).getByRole('button'));
    expect(await screen.findByTestId('lock-evacuation-list')).toHaveTextContent('고명숙');
    expect(screen.queryByTestId('error')).toBeNull();
    await waitFor(() => expect(screen.getByTestId('evacuation-print')).toHaveFocus());
  });

  it('shows no PIN of the demonstration that its person has changed', async () => {
    const { user, backend } = await lockedApp({ demonstration: true });
    const shown = () => screen.queryAllByTestId('person-pin').map(({ textContent }) => textContent);
    expect(shown()).toEqual([`PIN ${PINS.manager}`, `PIN ${PINS.staff}`, `PIN ${PINS.supervisor}`]);
    const changed = backend.world.people.find(({ role }) => role === 'staff');
    if (changed) changed.pin = '9753';
    act(() => press('2'));
    await screen.findByTestId('sign-in');
    await user.keyboard('{Escape}');
    await waitFor(() => expect(shown()).toEqual([`PIN ${PINS.manager}`, `PIN ${PINS.supervisor}`]));
  });

  it('shows counts only where a manager has chosen that', async () => {
    const { user } = await lockedApp({ evacuation: 'counts' });
    await user.keyboard('{F10}');
    expect((await screen.findAllByTestId('evacuation-area'))[0]).toHaveTextContent('동문 흡연구역 6명');
    expect(screen.queryByTestId('evacuation-row')).toBeNull();
  });

  it('waits for the staff of the facility at a terminal that has joined', async () => {
    const app = await renderApp({ lock: 'waits', sync: 'offline' });
    expect(await screen.findByTestId('lock-waits-for-staff')).toHaveTextContent('아직 연결되지 않았습니다');
    expect(screen.queryByTestId('first-manager')).toBeNull();
    act(() => app.backend.staffArrive());
    await signIn(app, '박서연', PINS.manager);
  });

  it('makes the first manager of a facility without staff, and shows the recovery code once', async () => {
    const { user, backend } = await renderApp({ lock: 'first' });
    await user.type(await screen.findByTestId('first-manager-name'), '박서연{Enter}');
    expect(screen.getByText('PIN은 숫자 6자리에서 12자리입니다.')).toBeInTheDocument();
    await user.type(screen.getByTestId('first-manager-pin'), '135790{Enter}');
    await user.keyboard('135790{Enter}');
    expect(await screen.findByTestId('recovery-code-text')).toHaveTextContent(/^[0-9A-Z]{25}$/);
    await user.click(screen.getByTestId('recovery-code-kept'));
    await user.keyboard('{Control>}{Enter}{/Control}');
    expect(await screen.findByTestId('staff')).toHaveTextContent('박서연 관리자');
    expect(backend.world.people).toHaveLength(1);
  });

  it('sets a manager’s PIN with the recovery code, which works once', async () => {
    const app = await lockedApp();
    const { user, backend } = app;
    const code = backend.world.recoveryCode ?? '';
    const recover = async (typed: string) => {
      await user.click(await screen.findByTestId('lock-recover'));
      await user.type(await screen.findByTestId('recover-code'), typed);
      await user.type(screen.getByTestId('recover-pin'), '975310{Enter}');
      await user.keyboard('975310{Enter}');
    };
    await recover('ABCDE');
    expect(await screen.findByTestId('error')).toHaveAttribute('data-code', 'bad_recovery_code');
    await user.keyboard('{Escape}');
    await recover(code.toLowerCase());
    await screen.findByTestId('recovery-code');
    await user.click(screen.getByTestId('recovery-code-kept'));
    await user.click(screen.getByTestId('recovery-code-go-on'));
    await recover(code);
    await waitFor(() => expect(screen.getByTestId('recover')).toHaveTextContent('코드가 다릅니다'));
    await user.keyboard('{Escape}');
    await signIn(app, '박서연', '975310');
  });
});

describe('Locking', () => {
  it('hides what is on the screen at once, and asks the program nothing about it', async () => {
    const app = await renderApp();
    await find('1190', '강민석');
    const asked = vi.spyOn(app.backend, 'customerCard');
    await lock(app);
    expect(document.body).toHaveAttribute('data-locked');
    expect(screen.getByTestId('desk-screen').closest('[data-held]')).not.toBeNull();
    act(() => app.backend.announce());
    await settle();
    expect(asked).not.toHaveBeenCalled();
    await app.user.keyboard('{F4}{F2}{Control>}k{/Control}');
    expect(screen.queryByTestId('pay-dialog')).toBeNull();
    expect(screen.queryByTestId('palette-search')).toBeNull();
    await signIn(app, '이하은', PINS.staff);
    await waitFor(() => expect(asked).toHaveBeenCalled());
    await isInHand('강민석');
  });

  it('changes staff by two keys and a PIN, and keeps a half-done payment for the next one', async () => {
    const app = await renderApp();
    await find('1190', '강민석');
    await app.user.keyboard('{F4}');
    await app.user.type(await screen.findByTestId('pay-points'), '30');
    await app.user.keyboard('{Control>}l{/Control}');
    await screen.findByTestId('people');
    // Below the lock screen the dialog sees no key.
    await app.user.keyboard('{Escape}');
    act(() => press('2'));
    await app.user.type(await screen.findByTestId('sign-in-pin'), `${PINS.staff}{Enter}`);
    await waitFor(() => expect(screen.getByTestId('staff')).toHaveTextContent('이하은'));
    expect(screen.getByTestId('pay-points')).toHaveValue('30');
    await waitFor(() => expect(screen.getByTestId('pay-points')).toHaveFocus());
    await app.user.keyboard('{Enter}');
    await screen.findByTestId('notice');
    expect(app.backend.world.payments.at(-1)).toMatchObject({ points: 30, by: '이하은' });
  });

  it('closes what the next role may not see', async () => {
    const app = await renderApp();
    await openScreen(app.user, 'people');
    await screen.findByTestId('settings-nav-people');
    await lock(app);
    await signIn(app, '이하은', PINS.staff);
    await screen.findByTestId('people-screen');
    expect(document.getElementById('settings-people')).toBeNull();
    expect(document.getElementById('settings-permissions')).toBeInTheDocument();
    expect(screen.queryByTestId('tab-privacy')).toBeNull();
  });

  it('happens by itself without a key, and not while somebody types', async () => {
    const app = await renderApp();
    await screen.findByTestId('search');
    const start = performance.now();
    let now = start;
    vi.spyOn(performance, 'now').mockImplementation(() => now);
    now = start + 9 * 60_000;
    fireEvent.keyDown(window, { key: 'Shift' });
    now = start + 18 * 60_000;
    await settle();
    await new Promise((resolve) => setTimeout(resolve, 1_100));
    expect(screen.queryByTestId('lock-screen')).toBeNull();
    now = start + 20 * 60_000;
    expect(await screen.findByTestId('lock-screen')).toBeInTheDocument();
    expect(app.backend.world.isSignedIn).toBe(false);
  });

  it('lets a running job go on', async () => {
    const app = await renderApp({ latencyMs: 0 });
    await screen.findByTestId('search');
    const ended = vi.fn();
    app.backend.onJob((job) => job.state === 'done' && ended());
    await act(async () => void (await app.backend.backUp(null)));
    await lock(app);
    await waitFor(() => expect(ended).toHaveBeenCalled());
  });

  it('follows the program, which signs out somebody who was retired elsewhere', async () => {
    const app = await renderApp();
    await screen.findByTestId('search');
    app.backend.world.isSignedIn = false;
    act(() => app.backend.announce());
    expect(await screen.findByTestId('lock-screen')).toBeInTheDocument();
  });
});

describe('An approval', () => {
  const admit = async ({ user }: App) => {
    await find('2087', '권미선');
    await user.keyboard('{F2}');
    await user.click(await screen.findByTestId('override-medical'));
    await user.keyboard('1');
    await screen.findByTestId('approval-dialog');
  };
  const lastOf = ({ requests }: MockBackend) => requests.at(-1);

  it('lets a supervisor type the PIN over a staff member’s screen, for one act with both names', async () => {
    const app = await renderApp({ role: 'staff' });
    await admit(app);
    expect(people()).toEqual(['1박서연관리자', '2최민준책임자']);
    act(() => press('2'));
    await app.user.type(await screen.findByTestId('approval-pin'), '111111{Enter}');
    expect(await screen.findByText(/PIN이 다릅니다/)).toBeInTheDocument();
    await app.user.type(screen.getByTestId('approval-pin'), `${PINS.supervisor}{Enter}`);
    await screen.findByTestId('notice');
    const { world } = app.backend;
    const fact = world.records.at(-1);
    expect(fact).toMatchObject({ kind: 'checkedIn', by: '이하은' });
    expect(world.approvals.get(fact?.eventId ?? '')).toMatchObject({ name: '최민준', role: 'supervisor' });
    expect(world.staff.name).toBe('이하은');
    const keys = app.backend.requests.map(({ idempotencyKey }) => idempotencyKey);
    expect(new Set(keys).size).toBe(1);
    expect(lastOf(app.backend)?.command).toMatchObject({ type: 'checkIn', admission: 'medical' });
  });

  it('leaves the dialog below as it was when nobody approves', async () => {
    const app = await renderApp({ role: 'staff' });
    await admit(app);
    await app.user.keyboard('{Escape}');
    await waitFor(() => expect(screen.queryByTestId('approval-dialog')).toBeNull());
    const dialog = await screen.findByTestId('area-picker');
    expect(within(dialog).getByTestId('error')).toHaveAttribute('data-code', 'not_authorised');
    expect(app.backend.world.approvals.size).toBe(0);
  });
});
