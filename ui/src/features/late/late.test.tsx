import { screen, waitFor } from '@testing-library/react';
import { beforeEach, describe, expect, it } from 'vitest';
import { createMockBackend, type Scenario } from '../../backend/mock';
import { openScreen } from '../../testing/places';
import { renderApp } from '../../testing/render';

beforeEach(() => localStorage.clear());

const DAY_MS = 86_400_000;
const yesterday = () => new Date(Date.now() - DAY_MS + 9 * 3_600_000).toISOString().slice(0, 10);

async function openSheet(scenario: Partial<Scenario> = {}, backend = createMockBackend(scenario)) {
  const app = await renderApp(scenario, backend);
  await openScreen(app.user, 'review');
  await app.user.click(await screen.findByTestId('review-late'));
  await screen.findByTestId('late-screen');
  return app;
}

type App = Awaited<ReturnType<typeof openSheet>>;

/** Types a visit into a line by the keyboard, from its first field to its last. */
async function typeVisit({ user }: App, line: number, phone: string, from: string, to: string) {
  await user.type(screen.getByTestId(`late-customer-${line}`), phone);
  await screen.findByTestId('customer-hit');
  await user.tab();
  await waitFor(() => expect(screen.getByTestId(`late-customer-${line}`)).toHaveAttribute('data-chosen'));
  await user.keyboard(`{Control>}a{/Control}${yesterday()}`);
  await user.tab();
  await user.keyboard(from);
  await user.tab();
  if (to !== '') await user.keyboard(to);
}

describe('entering afterwards', () => {
  it('records a sheet by the keyboard alone, once however often Enter is pressed', async () => {
    const app = await openSheet();
    const { user, backend } = app;
    await typeVisit(app, 1, '4821', '9:10', '9:20');
    await user.tab();
    await user.tab();
    expect(screen.getByTestId('late-kind-2')).toHaveFocus();
    await typeVisit(app, 2, '4821', '10:10', '10:20');
    await user.keyboard('{Enter}{Enter}');
    await waitFor(() => expect(screen.getAllByTestId('late-done')).toHaveLength(2));
    expect(backend.requests.map(({ command }) => command.type)).toEqual(['enterVisit', 'enterVisit']);
    expect(screen.getByTestId('late-status')).toHaveTextContent('2줄을 모두 입력했습니다');
    await user.keyboard('{Control>}{Enter}{/Control}');
    expect(screen.getAllByTestId('late-done')).toHaveLength(2);
    await new Promise((resolve) => setTimeout(resolve, 550));
    await user.keyboard('{Control>}{Enter}{/Control}');
    await waitFor(() => expect(screen.queryByTestId('late-done')).toBeNull());
  });

  it('takes nobody whom only an earlier text has found', async () => {
    const app = await openSheet();
    const { user, backend } = app;
    const search = backend.searchCustomers.bind(backend);
    backend.searchCustomers = (input) => (input.text === '48219' ? new Promise(() => {}) : search(input));
    const field = screen.getByTestId('late-customer-1');
    await user.type(field, '4821');
    await screen.findByTestId('customer-hit');
    await user.type(field, '9{Enter}');
    await user.tab();
    expect(field).not.toHaveAttribute('data-chosen');
    expect(field).toHaveValue('48219');
    expect(backend.requests).toHaveLength(0);
  });

  it('says on the line what is missing, and sends nothing until it is there', async () => {
    const app = await openSheet();
    const { user, backend } = app;
    await typeVisit(app, 1, '4821', '9:10', '');
    await user.keyboard('{Control>}{Enter}{/Control}');
    expect(await screen.findByText('14:45처럼 적어 주세요.')).toBeInTheDocument();
    await waitFor(() => expect(screen.getByTestId('late-to-1')).toHaveFocus());
    expect(backend.requests).toHaveLength(0);
  });

  it('keeps a refused line with its reason, records the others, and sends only it again', async () => {
    const app = await openSheet();
    const { user, backend } = app;
    await typeVisit(app, 1, '4821', '9:10', '9:20');
    await user.tab();
    await user.tab();
    await typeVisit(app, 2, '4821', '10:10', '10:20');
    const date = screen.getByTestId('late-date-1');
    await user.clear(date);
    await user.type(date, '2020-01-01{Enter}');
    await waitFor(() => expect(screen.getAllByTestId('late-done')).toHaveLength(1));
    expect(await screen.findByTestId('error')).toHaveAttribute('data-code', 'outside_entry_days');
    await user.clear(date);
    await user.type(date, `${yesterday()}{Enter}`);
    await waitFor(() => expect(screen.getAllByTestId('late-done')).toHaveLength(2));
    expect(backend.requests).toHaveLength(3);
  });

  it('outlives a closed window with the keys of its lines, and keeps nobody’s name', async () => {
    const app = await openSheet({ recordFailure: 'disk_full' });
    await typeVisit(app, 1, '4821', '9:10', '9:20');
    await app.user.keyboard('{Enter}');
    await screen.findByTestId('error');
    const [sent] = app.backend.requests;
    expect(JSON.stringify(localStorage)).not.toContain('김민수');
    app.unmount();
    app.backend.world.scenario.recordFailure = null;
    const again = await openSheet({}, app.backend);
    await waitFor(() => expect(screen.getByTestId('late-customer-1')).toHaveValue('김민수'));
    await again.user.keyboard('{Control>}{Enter}{/Control}');
    await screen.findByTestId('late-done');
    expect(again.backend.requests[1]).toEqual(sent);
  });

  it('marks what it recorded on Mypage', async () => {
    const app = await openSheet();
    await typeVisit(app, 1, '4821', '9:10', '9:20');
    await app.user.keyboard('{Enter}');
    await screen.findByTestId('late-done');
    await openScreen(app.user, 'mypage');
    await app.user.type(await screen.findByTestId('mypage-search'), '4821');
    await waitFor(() => expect(screen.getAllByTestId('mypage-pick')).toHaveLength(1));
    await app.user.keyboard('{Enter}');
    expect(await screen.findByTestId('entered-afterwards')).toHaveTextContent('나중에 입력');
  });
});
