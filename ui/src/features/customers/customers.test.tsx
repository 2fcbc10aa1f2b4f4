import { fireEvent, screen, waitFor } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import type { Scenario } from '../../backend/mock';
import { openScreen } from '../../testing/places';
import { renderApp } from '../../testing/render';

async function openCustomers(scenario: Partial<Scenario> = {}) {
  const app = await renderApp(scenario);
  await openScreen(app.user, 'customers');
  await screen.findByTestId('customers-search');
  return app;
}

/** Searches for 4821 and selects the customer whose phone number ends with these digits. */
async function choose4821(app: Awaited<ReturnType<typeof openCustomers>>) {
  await app.user.type(screen.getByTestId('customers-search'), '4821');
  await waitFor(() => expect(screen.getAllByTestId('customer-row')).toHaveLength(1));
  await app.user.keyboard('{ArrowDown}');
  await screen.findByTestId('customer-detail');
  const customer = [...app.backend.world.customers.values()].find(({ phone }) => phone?.endsWith('4821'));
  if (!customer) throw new Error('no such customer');
  return customer;
}

describe('Customers', () => {
  it('registers a name exactly as given, spaces and all', async () => {
    const { user, backend } = await openCustomers({ seed: 'empty' });
    expect(await screen.findByText(/아직 등록된 고객이 없습니다/)).toBeInTheDocument();
    await user.click(screen.getByTestId('customer-new'));
    await user.type(screen.getByTestId('customer-name'), ' 김 민수 ');
    expect(screen.getByText(/앞이나 뒤에 공백/)).toBeInTheDocument();
    await user.click(screen.getByTestId('customer-submit'));
    expect(await screen.findByTestId('customers-said')).toHaveTextContent('등록했습니다');
    expect([...backend.world.customers.values()][0]?.name).toBe(' 김 민수 ');
  });

  it('saves on Enter, but not on that of an input method', async () => {
    const { user, backend } = await openCustomers({ seed: 'empty' });
    await user.keyboard('{Control>}n{/Control}');
    await user.type(await screen.findByTestId('customer-name'), '선우진');
    fireEvent.keyDown(screen.getByTestId('customer-name'), { key: 'Enter', isComposing: true });
    expect(backend.requests).toHaveLength(0);
    await user.keyboard('{Enter}');
    await waitFor(() => expect(backend.requests).toHaveLength(1));
  });

  it('shows the length of a name that is too long and sends nothing', async () => {
    const { user, backend } = await openCustomers({ seed: 'empty' });
    await user.click(screen.getByTestId('customer-new'));
    fireEvent.change(screen.getByTestId('customer-name'), { target: { value: '가'.repeat(201) } });
    await user.click(screen.getByTestId('customer-submit'));
    expect(screen.getByText('200자까지 적을 수 있습니다. 지금 201자입니다.')).toBeInTheDocument();
    expect(backend.requests).toHaveLength(0);
  });

  it('shows both versions when someone else saved first, and overwrites on demand only', async () => {
    const app = await openCustomers();
    const customer = await choose4821(app);
    await app.user.keyboard('{Enter}');
    const name = await screen.findByTestId('customer-name');
    await app.user.clear(name);
    await app.user.type(name, '김민서');
    customer.name = '김민호';
    customer.revision += 1;
    await app.user.click(screen.getByTestId('customer-submit'));
    const both = await screen.findByTestId('customer-meanwhile');
    expect(both).toHaveTextContent('김민서');
    expect(both).toHaveTextContent('김민호');
    expect(customer.name).toBe('김민호');
    await app.user.click(screen.getByTestId('customer-keep-mine'));
    await screen.findByTestId('customers-said');
    expect(customer.name).toBe('김민서');
  });

  it('says who has a taken card, with a button to that customer', async () => {
    const app = await openCustomers();
    const other = [...app.backend.world.customers.values()].find(({ name }) => name === '고명숙');
    await choose4821(app);
    await app.user.keyboard('{Enter}');
    const card = await screen.findByTestId('customer-card');
    await app.user.clear(card);
    await app.user.type(card, `${other?.card}{Enter}`);
    expect(await screen.findByText(/고명숙 님이 쓰는 카드입니다/)).toBeInTheDocument();
    await app.user.click(screen.getByText('고명숙 님 보기'));
    expect(await screen.findByTestId('customer-detail')).toHaveTextContent('고명숙');
  });

  it('replaces a lost card with one scan', async () => {
    const app = await openCustomers();
    const customer = await choose4821(app);
    await app.user.click(screen.getByTestId('customer-replace-card'));
    await app.user.type(await screen.findByTestId('customer-new-card'), 'NS-9999-0001{Enter}');
    expect(await screen.findByTestId('customers-said')).toHaveTextContent('카드를 바꾸었습니다');
    expect(customer.card).toBe('NS-9999-0001');
  });

  it('gives a name to a customer who checked in without one', async () => {
    const app = await openCustomers({ seed: 'empty' });
    const area = app.backend.world.areas[0];
    await app.backend.record({
      idempotencyKey: 'walk-in',
      command: { type: 'checkIn', areaId: area?.areaId ?? '' },
    });
    app.backend.announce();
    await app.user.click(await screen.findByTestId('customer-row'));
    await app.user.click(await screen.findByTestId('customer-edit'));
    await app.user.type(await screen.findByTestId('customer-name'), '추가람');
    await app.user.click(screen.getByTestId('customer-submit'));
    await waitFor(() => expect(screen.getByTestId('customer-row')).toHaveTextContent('추가람'));
  });

  it('previews a file row by row and records nothing before it is confirmed', async () => {
    const { user, backend } = await openCustomers();
    const before = backend.world.customers.size;
    await user.click(screen.getByTestId('import-open'));
    const rows = await screen.findAllByTestId('import-row');
    expect(rows.map((row) => row.dataset.problem)).toContain('empty');
    expect(screen.getByTestId('import-view')).toHaveTextContent('CP949');
    expect(screen.getByText('이름이 비어 있습니다.')).toBeInTheDocument();
    expect(screen.getByTestId('import-said')).toHaveTextContent('아직 아무것도 기록하지 않았습니다');
    expect(backend.world.customers.size).toBe(before);
    await user.click(screen.getByTestId('import-run'));
    await waitFor(() => expect(screen.getByTestId('import-said')).toHaveAttribute('data-state', 'done'));
    await user.click(screen.getByTestId('import-close'));
    expect(await screen.findByTestId('customers-search')).toBeInTheDocument();
  });

  it('shows what each column of a file becomes, and reads it as chosen', async () => {
    const { user, backend } = await openCustomers();
    await user.click(screen.getByTestId('import-open'));
    const columns = await screen.findAllByTestId('import-column');
    expect(columns.map((column) => column.dataset.becomes)).toEqual([
      'name',
      'phone',
      'card',
      'points',
      'penaltyPoints',
    ]);
    expect(columns[2]).toHaveTextContent('NS-2204-0912');
    await user.selectOptions(screen.getAllByTestId('import-becomes')[2] as HTMLElement, 'nothing');
    await waitFor(() => expect(screen.getByTestId('import-reading')).toHaveTextContent('읽지 않는 열이 1개'));
    expect(backend.world.preview?.choices.columns).toEqual([
      'name',
      'phone',
      'nothing',
      'points',
      'penaltyPoints',
    ]);
    // Another encoding gives other columns, so the choices about columns are forgotten; the others are kept.
    await user.selectOptions(screen.getByTestId('import-duplicates'), 'update');
    await waitFor(() => expect(backend.world.preview?.choices.duplicates).toBe('update'));
    await user.selectOptions(screen.getByTestId('import-encoding'), 'UTF-8');
    await waitFor(() =>
      expect(backend.world.preview?.choices).toEqual({ duplicates: 'update', encoding: 'UTF-8' }),
    );
    expect(screen.getByTestId('import-view')).toHaveTextContent('UTF-8');
  });

  it('carries points and penalty points over with a chosen code, and takes them back', async () => {
    const { user, backend } = await openCustomers();
    await user.click(screen.getByTestId('import-open'));
    expect(await screen.findByTestId('import-points')).toHaveAttribute('data-value', '1200');
    expect(screen.getByTestId('import-penalty-points')).toHaveAttribute('data-value', '10');
    const rows = screen.getAllByTestId('import-row');
    expect(rows[0]).toHaveTextContent('등록 · 1,200 P · 패널티 10점');
    expect(rows[3]).toHaveTextContent('포인트 칸의 ‘1,500’ 값을 숫자로 읽을 수 없습니다.');
    await user.selectOptions(screen.getByTestId('import-penalty-code'), 'REPEAT');
    await waitFor(() => expect(backend.world.preview?.penaltyCode).toBe('REPEAT'));
    await user.click(screen.getByTestId('import-run'));
    await waitFor(() => expect(screen.getByTestId('import-said')).toHaveTextContent('1,200 P를 옮겼습니다.'));
    const [added] = backend.world.imports[0]?.added ?? [];
    const penalty = backend.world.penalties.find(({ customerId }) => customerId === added?.customerId);
    expect(penalty).toMatchObject({ code: 'REPEAT', points: 10 });
    await user.click(screen.getByTestId('import-take-back'));
    await user.keyboard('{Control>}{Enter}{/Control}');
    await waitFor(() => expect(backend.world.imports[0]?.view.takenBackAt).not.toBeNull());
    expect(penalty?.void).not.toBeNull();
    const sum = backend.world.adjustments
      .filter(({ customerId }) => customerId === added?.customerId)
      .reduce((total, { points }) => total + points, 0);
    expect(sum).toBe(0);
  });

  it('takes an import back after asking', async () => {
    const { user, backend } = await openCustomers();
    const before = backend.world.customers.size;
    await user.click(screen.getByTestId('import-open'));
    await user.click(await screen.findByTestId('import-run'));
    await user.click(await screen.findByTestId('import-take-back'));
    await user.keyboard('{Control>}{Enter}{/Control}');
    await waitFor(() => expect(backend.world.imports[0]?.view.takenBackAt).not.toBeNull());
    const named = [...backend.world.customers.values()].filter(({ erased }) => !erased);
    expect(named).toHaveLength(before);
  });
});
