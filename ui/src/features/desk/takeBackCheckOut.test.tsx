import { fireEvent, screen, waitFor } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Scenario } from '../../backend/mock';
import { openScreen } from '../../testing/places';
import { renderApp } from '../../testing/render';

type App = Awaited<ReturnType<typeof renderApp>>;

const notice = () => screen.getByTestId('notice');
const isNotice = (kind: string) => waitFor(() => expect(notice()).toHaveAttribute('data-kind', kind));
const commands = ({ backend }: App) => backend.requests.map(({ command }) => command);
const UNDO = '{Control>}z{/Control}';

async function find(text: string, name: string) {
  fireEvent.change(await screen.findByTestId('search'), { target: { value: text } });
  await waitFor(() => expect(screen.getByTestId('customer-name-shown')).toHaveTextContent(name));
}

/** Checks 강민석 in and out, and waits for the points. Returns the app and the id of the visit. */
async function afterCheckOut(scenario: Partial<Scenario> = {}) {
  const app = await renderApp(scenario);
  await find('1190', '강민석');
  await app.user.keyboard('{F2}');
  await screen.findByTestId('area-picker');
  await app.user.keyboard('1');
  await waitFor(() => expect(screen.getByTestId('action-check-out')).toHaveAttribute('data-primary'));
  await app.user.keyboard('{F3}');
  await isNotice('checkedOut');
  await waitFor(() => expect(screen.getByTestId('balance')).toHaveTextContent('200P'));
  return { ...app, visitId: app.backend.world.visits.at(-1)?.visitId ?? '' };
}

beforeEach(() => localStorage.clear());
afterEach(() => vi.restoreAllMocks());

describe('undoing a check-out', () => {
  it('takes it back by Ctrl Z, with its points, and shows both', async () => {
    const app = await afterCheckOut();
    await app.user.keyboard(UNDO);
    await isNotice('checkOutTakenBack');
    expect(notice()).toHaveTextContent('강민석 님 체크아웃 취소');
    expect(notice()).toHaveTextContent('다시 안에 있습니다. 적립한 100 P를 뺐습니다.');
    expect(screen.queryByTestId('notice-undo')).toBeNull();
    expect(commands(app).at(-1)).toEqual({ type: 'takeBackCheckOut', visitId: app.visitId });
    await waitFor(() => expect(screen.getByTestId('balance')).toHaveTextContent('100P'));
    expect(screen.getByTestId('action-check-out')).toHaveAttribute('data-primary');

    const entry = screen.getAllByTestId('recent')[0] as HTMLElement;
    expect(entry).toHaveAttribute('data-kind', 'checkOutTakenBack');
    expect(entry).toHaveTextContent('체크아웃 취소 · 동문');
    expect(entry.querySelector('svg')).not.toBeNull();
    expect(entry.querySelector('[data-tone="bad"]')).toHaveTextContent('−100P');
  });

  it('shows that no points were taken back before any were earned', async () => {
    const app = await renderApp({ services: 'stopped' });
    await find('7305', '김민수');
    await app.user.keyboard('{F3}');
    await isNotice('checkedOut');
    await app.user.keyboard(UNDO);
    await isNotice('checkOutTakenBack');
    expect(notice()).toHaveTextContent('뺀 포인트는 없습니다.');
  });

  it('is offered in the notice by name, and reached by Tab and Enter', async () => {
    const app = await afterCheckOut();
    const button = screen.getByTestId('notice-undo');
    expect(button).toHaveTextContent('체크아웃 취소');
    while (document.activeElement !== button) {
      await app.user.tab();
      expect(document.body).not.toHaveFocus();
    }
    await app.user.keyboard('{Enter}');
    await isNotice('checkOutTakenBack');
    expect(screen.getByTestId('search')).toHaveFocus();
  });

  it('is for the customer in the notice, whoever is selected meanwhile', async () => {
    const app = await afterCheckOut();
    await find('7305', '김민수');
    expect(notice()).toHaveTextContent('강민석 님 체크아웃');
    await app.user.click(screen.getByTestId('notice-undo'));
    await isNotice('checkOutTakenBack');
    expect(notice()).toHaveTextContent('강민석');
    expect(commands(app).at(-1)).toEqual({ type: 'takeBackCheckOut', visitId: app.visitId });
    expect(screen.getByTestId('customer-name-shown')).toHaveTextContent('김민수');
  });

  it('finds the last check-out without a notice too', async () => {
    const app = await afterCheckOut();
    await openScreen(app.user, 'services');
    await app.user.click(screen.getByTestId('rail-desk'));
    await screen.findAllByTestId('recent');
    expect(screen.queryByTestId('notice')).toBeNull();
    await app.user.keyboard(UNDO);
    const question = await screen.findByTestId('undo-dialog');
    expect(question).toHaveTextContent('강민석 님의 이 기록을 되돌릴까요?');
    expect(question).toHaveTextContent('체크아웃 · 동문 흡연구역');
    const before = commands(app).length;
    await app.user.keyboard(UNDO);
    expect(commands(app)).toHaveLength(before);
    await app.user.keyboard('{Enter}');
    await isNotice('checkOutTakenBack');
    expect(notice()).toHaveTextContent('강민석');
    expect(commands(app).at(-1)).toEqual({ type: 'takeBackCheckOut', visitId: app.visitId });
  });

  it('is left to the field by somebody who has just typed there', async () => {
    const app = await afterCheckOut();
    const before = commands(app).length;
    await app.user.type(await screen.findByTestId('search'), '이니');
    await app.user.keyboard(UNDO);
    await app.user.keyboard(UNDO);
    expect(screen.queryByRole('dialog')).toBeNull();
    expect(commands(app)).toHaveLength(before);
  });

  it('happens once for a double click, a key held down and a bouncing key', async () => {
    const app = await afterCheckOut({ latencyMs: 30 });
    const before = app.backend.requests.length;
    const undone = () => commands(app).slice(before);
    const hold = async () => {
      fireEvent.keyDown(window, { key: 'z', code: 'KeyZ', ctrlKey: true, repeat: true });
      await new Promise((resolve) => setTimeout(resolve));
    };
    await hold();
    expect(undone()).toEqual([]);
    const now = vi.spyOn(performance, 'now').mockReturnValue(performance.now());
    await app.user.dblClick(screen.getByTestId('notice-undo'));
    await isNotice('checkOutTakenBack');
    await waitFor(() =>
      expect(screen.getAllByTestId('recent')[0]).toHaveAttribute('data-kind', 'checkOutTakenBack'),
    );
    await app.user.keyboard(UNDO);
    now.mockReturnValue(performance.now() + 500);
    await hold();
    expect(undone()).toEqual([{ type: 'takeBackCheckOut', visitId: app.visitId }]);

    await app.user.keyboard(UNDO);
    await screen.findByTestId('undo-dialog');
    expect(undone()).toHaveLength(1);
    await app.user.keyboard('{Enter}');
    await isNotice('visitEnded');
    expect(undone()).toHaveLength(2);
  });

  it('shows why it is refused, and that nothing was recorded', async () => {
    const app = await afterCheckOut();
    const command = { type: 'takeBackCheckOut', visitId: app.visitId } as const;
    await app.backend.record({ idempotencyKey: 'at another window', command });
    await app.user.keyboard(UNDO);
    const error = await screen.findByTestId('error');
    expect(error).toHaveAttribute('data-code', 'not_checked_out');
    expect(error).toHaveTextContent('이 방문에는 취소할 체크아웃이 없습니다.');
    expect(error).toHaveTextContent('새로 기록하지 않았습니다.');
  });
});
