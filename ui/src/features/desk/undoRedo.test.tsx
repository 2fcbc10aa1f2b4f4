import { screen, waitFor, within } from '@testing-library/react';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Scenario } from '../../backend/mock';
import { customerNamed, find, withKang } from '../../testing/desk';
import { openScreen } from '../../testing/places';
import { renderApp } from '../../testing/render';

type App = Awaited<ReturnType<typeof renderApp>>;

const UNDO = '{Control>}z{/Control}';
const REDO = '{Control>}y{/Control}';
const REDO_TOO = '{Control>}{Shift>}z{/Shift}{/Control}';

const notice = () => screen.getByTestId('notice');
const isNotice = (kind: string) => waitFor(() => expect(notice()).toHaveAttribute('data-kind', kind));
const last = ({ backend }: App) => backend.requests.at(-1)?.command;

/** Goes to another screen and back, so that no notice is shown any more. */
async function leaveAndReturn({ user }: App) {
  await openScreen(user, 'services');
  await user.click(screen.getByTestId('rail-desk'));
  await screen.findAllByTestId('recent');
  expect(screen.queryByTestId('notice')).toBeNull();
}

/** Deducts 10 points from a penalty of 오재현. */
async function deducted(scenario: Partial<Scenario> = {}, { pays = false } = {}) {
  const app = await renderApp(scenario);
  await find('3917', '오재현');
  await app.user.keyboard('{F7}');
  await app.user.click(await screen.findByTestId('deduct-ground-service'));
  if (pays) await app.user.click(screen.getByTestId('deduct-pay'));
  const points = screen.getByTestId('deduct-points');
  await app.user.clear(points);
  await app.user.type(points, '10{Enter}');
  await isNotice('penaltyDeducted');
  return app;
}

/** Checks everybody in the first area out. Returns their visits. */
async function areaOut() {
  const app = await renderApp();
  const inside = app.backend.world.visits.filter(({ end, voided }) => end === null && !voided);
  await app.user.click((await screen.findAllByTestId('everyone-out'))[0] as HTMLElement);
  await app.user.click(await screen.findByTestId('everyone-out-dialog-submit'));
  await isNotice('areaCheckedOut');
  return { ...app, visits: inside.filter(({ end }) => end?.kind === 'checkOut') };
}

beforeEach(() => localStorage.clear());

describe('undoing a deduction', () => {
  it('voids it by Ctrl Z, and its points are outstanding again', async () => {
    const app = await deducted();
    const made = app.backend.world.deductions.at(-1);
    await app.user.keyboard(UNDO);
    await isNotice('penaltyDeductionVoided');
    expect(notice()).toHaveTextContent('오재현 님 10점 차감 취소');
    expect(last(app)).toEqual({
      type: 'voidPenaltyDeduction',
      penaltyId: made?.penaltyId,
      deductionId: made?.deductionId,
      reason: 'mistaken',
    });
    await waitFor(() =>
      expect(screen.getAllByTestId('recent')[0]).toHaveAttribute('data-kind', 'penaltyDeductionVoided'),
    );
  });

  it('gives the price back', async () => {
    const app = await deducted({ pricePerPenaltyPoint: 5 }, { pays: true });
    await waitFor(() => expect(screen.getByTestId('balance')).toHaveTextContent('70P'));
    await app.user.keyboard(UNDO);
    await isNotice('penaltyDeductionVoided');
    expect(notice()).toHaveTextContent('50 P가 돌아왔습니다. 잔액은 120 P입니다.');
    await waitFor(() => expect(screen.getByTestId('balance')).toHaveTextContent('120P'));
  });

  it('asks when no notice shows it, and names the points', async () => {
    const app = await deducted();
    await leaveAndReturn(app);
    await app.user.keyboard(UNDO);
    const question = await screen.findByTestId('undo-dialog');
    expect(question).toHaveTextContent('오재현 님의 이 기록을 되돌릴까요?');
    expect(question).toHaveTextContent('패널티 차감 · 10점');
    await app.user.keyboard('{Enter}');
    await isNotice('penaltyDeductionVoided');
  });
});

describe('undoing that everyone left an area', () => {
  it('takes them back together, after a question that says how many', async () => {
    const app = await areaOut();
    expect(app.visits.length).toBeGreaterThan(2);
    const before = app.backend.requests.length;
    await app.user.keyboard(UNDO);
    const question = await screen.findByTestId('undo-dialog');
    expect(question).toHaveTextContent(`함께 나간 ${app.visits.length}명의 체크아웃을 되돌릴까요?`);
    expect(app.backend.requests).toHaveLength(before);
    await app.user.keyboard('{Enter}');
    await isNotice('areaCheckOutTakenBack');
    expect(notice()).toHaveTextContent(`${app.visits.length}명 체크아웃 취소`);
    expect(app.visits.every(({ end }) => end === null)).toBe(true);
  });

  it('finds them without a notice too, and says whom it leaves out', async () => {
    const app = await areaOut();
    const [first] = app.visits;
    if (!first) throw new Error('nobody was inside');
    const command = { type: 'takeBackCheckOut', visitId: first.visitId } as const;
    await app.backend.record({ idempotencyKey: 'one alone', command });
    await leaveAndReturn(app);
    await app.user.keyboard(UNDO);
    expect(await screen.findByTestId('undo-dialog')).toHaveTextContent(`${app.visits.length}명의 체크아웃을`);
    await app.user.keyboard('{Enter}');
    await isNotice('areaCheckOutTakenBack');
    expect(notice()).toHaveTextContent('1명은 되돌릴 수 없어 그대로 두었습니다.');
  });
});

describe('doing again', () => {
  it('records again what the notice says was undone', async () => {
    const app = await deducted();
    for (const redo of [REDO, REDO_TOO]) {
      await app.user.keyboard(UNDO);
      await isNotice('penaltyDeductionVoided');
      expect(screen.getByTestId('notice-redo')).toHaveTextContent('다시 하기');
      await app.user.keyboard(redo);
      await isNotice('penaltyDeducted');
      expect(last(app)).toMatchObject({ type: 'deductPenalty', ground: 'service', points: 10 });
    }
  });

  it('asks when no notice shows it', async () => {
    const app = await deducted();
    await app.user.keyboard(UNDO);
    await isNotice('penaltyDeductionVoided');
    await leaveAndReturn(app);
    await app.user.keyboard(REDO);
    const question = await screen.findByTestId('redo-dialog');
    expect(question).toHaveTextContent('오재현 님의 이 기록을 다시 할까요?');
    expect(question).toHaveTextContent('패널티 차감 · 10점');
    await app.user.keyboard('{Enter}');
    await isNotice('penaltyDeducted');
  });

  it('is given up by the next record', async () => {
    const app = await deducted();
    await app.user.keyboard(UNDO);
    await isNotice('penaltyDeductionVoided');
    await find('1190', '강민석');
    await app.user.keyboard('{F2}');
    await screen.findByTestId('area-picker');
    await app.user.keyboard('1');
    await isNotice('checkedIn');
    const before = app.backend.requests.length;
    await app.user.keyboard(REDO);
    await isNotice('nothingToRedo');
    expect(app.backend.requests).toHaveLength(before);
  });

  it('is refused where it may no longer be, and says why', async () => {
    const app = await withKang();
    await app.user.keyboard('{F2}');
    await screen.findByTestId('area-picker');
    await app.user.keyboard('1');
    await isNotice('checkedIn');
    await app.user.keyboard(UNDO);
    await isNotice('visitEnded');
    const { customerId } = customerNamed(app.backend, '강민석');
    const command = {
      type: 'checkIn',
      customerId,
      areaId: app.backend.world.areas[1]?.areaId ?? '',
    } as const;
    await app.backend.record({ idempotencyKey: 'at another window', command });
    await app.user.keyboard(REDO);
    expect(await screen.findByTestId('error')).toHaveAttribute('data-code', 'already_inside');
  });
});

describe('an edit', () => {
  /** Gives 강민석 another phone at the desk. */
  async function edited() {
    const app = await withKang();
    const customer = customerNamed(app.backend, '강민석');
    const before = customer.phone;
    await app.user.click(screen.getByTestId('edit-customer'));
    const phone = await screen.findByTestId('customer-phone');
    await app.user.clear(phone);
    await app.user.type(phone, '010-9999-0000{Enter}');
    await isNotice('customerSaved');
    return { ...app, customer, before };
  }
  const entry = () =>
    screen.queryAllByTestId('recent').find(({ dataset }) => dataset.kind === 'customerEdited');

  it('is among the recent entries with the details before, and is undone and done again', async () => {
    const app = await edited();
    expect(entry()).toHaveTextContent(/전화.*→ 010-9999-0000/);
    await app.user.keyboard(UNDO);
    await waitFor(() => expect(app.customer.phone).toBe(app.before));
    await waitFor(() => expect(entry()).toBeUndefined());
    await app.user.keyboard(REDO);
    await waitFor(() => expect(app.customer.phone).toBe('010-9999-0000'));
    await waitFor(() => expect(entry()).toBeDefined());
  });

  it('is not undone over what somebody else saved since, and that is said', async () => {
    const app = await edited();
    const { customerId, revision, name } = app.customer;
    const profile = { name: name ?? '', phone: '010-1234-5678' };
    const command = { type: 'reviseCustomer', customerId, baseRevision: revision, profile } as const;
    await app.backend.record({ idempotencyKey: 'at another window', command });
    await app.user.keyboard(UNDO);
    expect(await screen.findByTestId('error')).toHaveAttribute('data-code', 'revised_meanwhile');
    expect(app.customer.phone).toBe('010-1234-5678');
  });

  it('is forgotten when the customer is erased', async () => {
    const app = await edited();
    expect(entry()).toBeDefined();
    const command = { type: 'eraseCustomer', customerId: app.customer.customerId } as const;
    await app.backend.record({ idempotencyKey: 'the erasure', command });
    await waitFor(() => expect(entry()).toBeUndefined());
  });

  it('is undone on Customers too, where a question names what changed', async () => {
    const app = await edited();
    await openScreen(app.user, 'customers');
    await screen.findByTestId('customers-search');
    await app.user.keyboard(UNDO);
    const question = await screen.findByTestId('undo-dialog');
    expect(within(question).getByTestId('undo-edit')).toHaveTextContent('→ 010-9999-0000');
    await app.user.keyboard('{Enter}');
    await waitFor(() => expect(app.customer.phone).toBe(app.before));
    expect(await screen.findByTestId('customers-said')).toHaveTextContent('되돌렸습니다.');
    await app.user.keyboard(REDO);
    await waitFor(() => expect(app.customer.phone).toBe('010-9999-0000'));
  });
});
