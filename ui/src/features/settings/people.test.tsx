import { act, screen, waitFor, within } from '@testing-library/react';
import { describe, expect, it, vi } from 'vitest';
import type { Scenario } from '../../backend/mock';
import { PINS } from '../../backend/mock/people';
import type { Screen } from '../../shared/navigation';
import { customerNamed, find } from '../../testing/desk';
import { openScreen } from '../../testing/places';
import { renderApp } from '../../testing/render';

async function open(screenName: Screen, scenario: Partial<Scenario> = {}) {
  const app = await renderApp(scenario);
  await openScreen(app.user, screenName);
  await screen.findByTestId(`${screenName}-screen`);
  return app;
}

const rowOf = async (name: string) => {
  await screen.findAllByTestId('settings-person');
  const row = screen.getAllByTestId('settings-person').find(({ dataset }) => dataset.name === name);
  if (!row) throw new Error(`no ${name}`);
  return within(row);
};
const personOf = (app: Awaited<ReturnType<typeof renderApp>>, name: string) =>
  app.backend.world.people.find((person) => person.name === name);

describe('People in the settings', () => {
  it('adds a person with a role and a PIN by the keyboard', async () => {
    const app = await open('people');
    await app.user.click(await screen.findByTestId('settings-person-new'));
    await app.user.keyboard('한지우');
    await app.user.click(screen.getByTestId('settings-person-supervisor'));
    await app.user.type(screen.getByTestId('settings-person-new-pin'), '123{Enter}');
    await app.user.keyboard('123{Enter}');
    expect(screen.getByText('PIN은 숫자 4자리에서 12자리입니다.')).toBeInTheDocument();
    await app.user.type(screen.getByTestId('settings-person-new-pin'), '4{Enter}');
    await app.user.keyboard('4{Enter}');
    expect(await screen.findByTestId('settings-said')).toHaveTextContent('한지우 님을 더했습니다.');
    expect(personOf(app, '한지우')).toMatchObject({ role: 'supervisor', pin: '1234' });
  });

  it('asks for a longer PIN when somebody becomes a manager', async () => {
    const app = await open('people');
    await app.user.click((await rowOf('이하은')).getByTestId('settings-person-edit'));
    expect(screen.queryByTestId('settings-person-new-pin')).toBeNull();
    await app.user.click(screen.getByTestId('settings-person-manager'));
    await app.user.type(screen.getByTestId('settings-person-new-pin'), '975310{Enter}');
    await app.user.keyboard('975310{Enter}');
    await waitFor(() => expect(personOf(app, '이하은')).toMatchObject({ role: 'manager', pin: '975310' }));
  });

  it('never retires the last manager, and retires others after a confirmation', async () => {
    const app = await open('people');
    expect((await rowOf('박서연')).getByTestId('settings-person-retire')).toBeDisabled();
    await app.user.click((await rowOf('이하은')).getByTestId('settings-person-retire'));
    await app.user.click(await screen.findByTestId('settings-person-retire-confirm'));
    await waitFor(() => expect(personOf(app, '이하은')?.retired).toBe(true));
    expect(await screen.findByTestId('settings-said')).toHaveTextContent('이하은 님은 이제');
  });

  it('resets a PIN', async () => {
    const app = await open('people');
    await app.user.click((await rowOf('최민준')).getByTestId('settings-person-pin'));
    await app.user.type(await screen.findByTestId('settings-reset-pin'), '8642{Enter}');
    await app.user.keyboard('8642{Enter}');
    await waitFor(() => expect(personOf(app, '최민준')?.pin).toBe('8642'));
  });

  it('changes the own PIN with the one in use, for any role', async () => {
    const app = await open('settings', { role: 'staff' });
    const type = async (old: string) => {
      await app.user.type(screen.getByTestId('settings-own-pin'), `${old}{Enter}`);
      await app.user.clear(screen.getByTestId('settings-own-new-pin'));
      await app.user.clear(screen.getByTestId('settings-own-new-pin-again'));
      await app.user.type(screen.getByTestId('settings-own-new-pin'), '2468{Enter}');
      await app.user.keyboard('2468{Enter}');
    };
    await type('9999');
    expect(await screen.findByText(/PIN이 다릅니다/)).toBeInTheDocument();
    await type(PINS.staff);
    expect(await screen.findByText('PIN을 바꾸었습니다.')).toBeInTheDocument();
    expect(personOf(app, '이하은')?.pin).toBe('2468');
  });

  it('makes another recovery code, which must be kept before anything else', async () => {
    const app = await open('people');
    const before = app.backend.world.recoveryCode;
    await app.user.click(await screen.findByTestId('settings-recovery'));
    await app.user.click(await screen.findByTestId('settings-recovery-confirm'));
    await screen.findByTestId('recovery-code');
    await app.user.keyboard('{Escape}');
    expect(screen.getByTestId('recovery-code')).toBeInTheDocument();
    expect(app.backend.world.recoveryCode).not.toBe(before);
    await app.user.click(screen.getByTestId('recovery-code-kept'));
    await app.user.click(screen.getByTestId('recovery-code-go-on'));
    await waitFor(() => expect(screen.queryByTestId('recovery-code')).toBeNull());
  });

  it('shows the table of permissions to everybody', async () => {
    await open('people', { role: 'staff' });
    const rows = await screen.findAllByTestId('permission');
    const row = rows.find(({ dataset }) => dataset.act === 'admitProhibited');
    expect(row?.querySelectorAll('[data-may]')).toHaveLength(3);
    expect(rows.some(({ dataset }) => dataset.act === 'signIn')).toBe(false);
    for (const one of rows) expect(one).not.toHaveTextContent(one.dataset.act ?? '?');
  });

  it('locks itself after the chosen minutes, and a manager chooses the evacuation list', async () => {
    const app = await open('settings');
    await app.user.selectOptions(screen.getByTestId('settings-auto-lock'), '30');
    await waitFor(() => expect(app.backend.world.preferences.autoLockMinutes).toBe(30));
    await openScreen(app.user, 'areas');
    await app.user.click(screen.getByTestId('settings-evacuation-counts'));
    await waitFor(() => expect(app.backend.world.evacuation).toBe('counts'));
  });
});

describe('Tokens in the settings', () => {
  it('shows a secret once, rotates and revokes', async () => {
    const app = await open('connections');
    await app.user.type(await screen.findByTestId('settings-token-name'), '서문 회전문');
    await app.user.click(screen.getByTestId('settings-token-scope-enter'));
    await app.user.click(screen.getByTestId('settings-token-make'));
    expect(await screen.findByTestId('settings-token-secret')).toHaveTextContent(/^nosmoke_/);
    await app.user.click(screen.getByTestId('settings-token-secret-close'));
    await waitFor(() => expect(screen.queryByTestId('settings-token-secret')).toBeNull());
    const row = () => {
      const found = screen.getAllByTestId('settings-token').find((one) => one.dataset.name === '서문 회전문');
      return within(found as HTMLElement);
    };
    await app.user.click(row().getByTestId('settings-token-rotate'));
    await app.user.click(await screen.findByTestId('settings-token-rotate-confirm'));
    expect(await screen.findByTestId('settings-token-secret')).toBeInTheDocument();
    await app.user.click(screen.getByTestId('settings-token-secret-close'));
    await app.user.click(row().getByTestId('settings-token-revoke'));
    await app.user.click(await screen.findByTestId('settings-token-revoke-confirm'));
    await waitFor(() => expect(row().queryByTestId('settings-token-revoke')).toBeNull());
    expect(app.backend.world.tokens.at(-1)?.revokedAt).not.toBeNull();
  });
});

describe('The access log in the settings', () => {
  it('shows, filters and confirms', async () => {
    const app = await open('privacy', { accessLog: 'due' });
    expect(await screen.findByTestId('access-log-due')).toBeInTheDocument();
    const rows = () => screen.getAllByTestId('access-row');
    await screen.findByTestId('access-rows');
    expect(rows().length).toBeGreaterThan(10);
    await app.user.selectOptions(screen.getByTestId('access-act'), 'exported');
    await waitFor(() => expect(rows()).toHaveLength(2));
    expect(rows()[1]).toHaveTextContent('214건 · 감사');
    await app.user.selectOptions(screen.getByTestId('access-outcome'), 'refused');
    await waitFor(() => expect(rows()).toHaveLength(1));
    await app.user.click(screen.getByTestId('access-confirm'));
    await waitFor(() => expect(app.backend.world.access.confirmed).not.toBeNull());
    await waitFor(() => expect(screen.queryByTestId('access-log-due')).toBeNull());
  });

  it('says at every desk that it can’t be written', async () => {
    await renderApp({ role: 'staff', accessLog: 'unwritable' });
    expect(await screen.findByTestId('access-log-problem')).toHaveTextContent('접속 기록 쓰지 못함');
  });
});

describe('Who did what in the settings', () => {
  it('lists the facts of one person, and only those with a mark', async () => {
    const app = await open('people');
    const { customerId } = customerNamed(app.backend, '강민석');
    await act(async () => {
      await app.backend.record({
        idempotencyKey: 'corrected',
        command: { type: 'adjustPoints', customerId, points: 5, reason: 'correction' },
      });
    });
    await screen.findByTestId('who-rows');
    const rows = () => screen.queryAllByTestId('who-row');
    expect(rows().length).toBeGreaterThan(5);
    await app.user.click(screen.getByTestId('who-marked'));
    await waitFor(() => expect(rows()).toHaveLength(1));
    expect(rows()[0]).toHaveTextContent(/포인트 정정.*바로잡음.*강민석/);
    expect(rows()[0]).not.toHaveTextContent('단말 1');
  });

  it('names the terminal where there are several, since each has a token of its owner', async () => {
    const app = await open('people', { sync: 'online' });
    await app.user.click(screen.getByTestId('settings-nav-whoDid'));
    const rows = await screen.findAllByTestId('who-row');
    await waitFor(() => expect(rows[0]).toHaveTextContent(/단말 \d/));
  });
});

describe('Whom the list of who did what can be filtered by', () => {
  const offered = () =>
    [...screen.getByTestId<HTMLSelectElement>('who-by').options].map(({ text, value }) => ({
      label: text,
      value,
    }));

  it('offers the tokens of other terminals, and those without a name by their id', async () => {
    const app = await open('people', { sync: 'online' });
    await app.user.click(screen.getByTestId('settings-nav-whoDid'));
    const elsewhere = app.backend.world.tokensElsewhere;
    await waitFor(() => expect(offered().map(({ label }) => label)).toContain('서문 회전문'));
    const unnamed = elsewhere.find(({ name }) => name === null);
    const label = `모르는 기계 ${unnamed?.tokenId.slice(0, 4).toUpperCase()}`;
    const choice = offered().find((one) => one.label === label);
    expect(choice).toBeDefined();
    expect(offered().map((one) => one.label)).toContain('동문 키오스크');
    const asked = vi.spyOn(app.backend, 'whoDidWhat');
    await app.user.selectOptions(screen.getByTestId('who-by'), choice?.value ?? '');
    const by = { kind: 'token', tokenId: unnamed?.tokenId };
    await waitFor(() => expect(asked).toHaveBeenCalledWith(expect.objectContaining({ filter: { by } })));
    await waitFor(() => expect(screen.queryByTestId('who-rows')).toBeNull());
  });
});

describe('Erasing', () => {
  it('shows what goes and what stays, and erases only after a confirmation', async () => {
    const app = await renderApp();
    await find('NS-2204-0391', '오재현');
    await openScreen(app.user, 'customers');
    await app.user.click(await screen.findByTestId('customer-erase'));
    const dialog = within(await screen.findByRole('dialog'));
    expect(await dialog.findByTestId('erase-id')).toHaveTextContent('오재현');
    expect(dialog.getByTestId('erase-ban')).toBeInTheDocument();
    expect(dialog.getAllByTestId('erase-stays').length).toBeGreaterThan(1);
    expect(dialog.getByTestId('erase-confirm')).toBeDisabled();
    const { customerId } = customerNamed(app.backend, '오재현');
    await app.user.click(dialog.getByTestId('erase-sure'));
    await app.user.keyboard('{Control>}{Enter}{/Control}');
    await waitFor(() => expect(app.backend.world.customers.get(customerId)?.erased).toBe(true));
    expect(app.backend.requests.at(-1)?.command).toMatchObject({ reason: 'customer_request' });
  });

  it('is offered to managers only', async () => {
    const app = await renderApp({ role: 'supervisor' });
    await find('NS-2204-0391', '오재현');
    await openScreen(app.user, 'customers');
    await screen.findByTestId('customer-detail');
    expect(screen.queryByTestId('customer-erase')).toBeNull();
    expect(screen.queryByTestId('customers-export')).toBeNull();
    expect(screen.queryByTestId('import-open')).toBeNull();
  });

  it('keeps the notice, shows it at the customer, and takes the day of consent', async () => {
    const app = await open('privacy');
    const notice = await screen.findByTestId('settings-notice');
    await app.user.type(notice, '이름과 전화번호를 2년 동안 보관합니다.');
    await app.user.click(screen.getByTestId('settings-notice-save'));
    await waitFor(() => expect(app.backend.world.keeping.notice).toContain('2년'));
    await app.user.click(screen.getByTestId('rail-desk'));
    await find('1190', '강민석');
    await openScreen(app.user, 'customers');
    await app.user.click(await screen.findByTestId('customer-notice'));
    expect(await screen.findByTestId('notice-dialog')).toHaveTextContent('2년 동안');
    await app.user.keyboard('{Escape}');
    await app.user.click(await screen.findByTestId('customer-edit'));
    await app.user.type(await screen.findByTestId('customer-consentOn'), '2026-02-30{Enter}');
    expect(await screen.findByText(/지난 날짜를 적어 주세요/)).toBeInTheDocument();
    await app.user.clear(screen.getByTestId('customer-consentOn'));
    await app.user.type(screen.getByTestId('customer-consentOn'), '2026-02-03{Enter}');
    await waitFor(() => expect(customerNamed(app.backend, '강민석').consentOn).toBe('2026-02-03'));
  });

  it('lists those not seen for years, off at first, with three years proposed', async () => {
    const app = await open('privacy');
    const old = customerNamed(app.backend, '강민석');
    old.registeredAt = Date.now() - 4 * 366 * 86_400_000;
    app.backend.world.visits = app.backend.world.visits.filter(
      ({ customerId }) => customerId !== old.customerId,
    );
    expect(screen.queryByTestId('settings-unseen')).toBeNull();
    await app.user.click(await screen.findByTestId('settings-unseen-on'));
    expect(await screen.findByTestId('settings-unseen-row')).toHaveTextContent('강민석');
    expect(app.backend.world.keeping.unseenYears).toBe(3);
  });
});

describe('An export with names', () => {
  it('asks for a reason, which the access log keeps', async () => {
    const app = await renderApp();
    await openScreen(app.user, 'customers');
    await app.user.click(await screen.findByTestId('customers-export'));
    expect(await screen.findByTestId('export-reason-submit')).toBeDisabled();
    await app.user.click(screen.getByTestId('export-reason-audit'));
    await app.user.click(screen.getByTestId('export-reason-submit'));
    await waitFor(() =>
      expect(app.backend.world.access.rows.at(-1)).toMatchObject({ act: 'exported', reason: 'audit' }),
    );
  });

  it('has masked names for a supervisor, without a question', async () => {
    const app = await renderApp({ role: 'supervisor' });
    await find('1190', '강민석');
    const exported = vi.spyOn(app.backend, 'exportHistories');
    await app.user.keyboard('{F8}');
    await app.user.click(await screen.findByTestId('export-open'));
    await app.user.click(await screen.findByTestId('export-customer'));
    await waitFor(() => expect(exported).toHaveBeenCalledWith(expect.objectContaining({ masked: true })));
    expect(screen.queryByTestId('export-reason')).toBeNull();
  });
});
