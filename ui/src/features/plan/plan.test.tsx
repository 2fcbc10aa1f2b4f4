import { fireEvent, screen, waitFor, within } from '@testing-library/react';
import { beforeEach, expect, it, vi } from 'vitest';
import { openScreen } from '../../testing/places';
import { renderApp } from '../../testing/render';
import * as scaling from './editor/scalePicture';
import { fitText, heatOf } from './shapes';

beforeEach(() => localStorage.clear());

async function openPlan(scenario: Parameters<typeof renderApp>[0] = { plan: true }) {
  const app = await renderApp(scenario);
  await openScreen(app.user, 'plan');
  return app;
}

/** Opens the editor of the plan that is shown. */
async function openEditor(scenario?: Parameters<typeof renderApp>[0]) {
  const app = await openPlan(scenario);
  await app.user.click(await screen.findByTestId('plan-edit'));
  await screen.findByTestId('plan-editor');
  return app;
}

it('tells in a list what the drawing shows: each place, with its people and how full it is', async () => {
  const { backend } = await openPlan();
  const { areas } = await backend.occupancy();
  const rows = await screen.findAllByTestId('plan-row');
  for (const [index, { area, present }] of areas.slice(0, 4).entries()) {
    expect(rows[index]).toHaveTextContent(area.name);
    await waitFor(() => expect(rows[index]).toHaveTextContent(String(present)));
  }
  expect(rows.at(-1)).toHaveTextContent('금연 지점승강장');
  expect(screen.getByRole('img', { name: /본관 1층 배치도/ })).toBeInTheDocument();
});

it('shows the penalties of each place, and of no-smoking spots those of the area nearby', async () => {
  const app = await openPlan();
  const [first] = app.backend.world.areas;
  for (const penalty of app.backend.world.penalties)
    Object.assign(penalty, { areaId: first?.areaId, void: null, at: Date.now() });
  const count = app.backend.world.penalties.length;
  await app.user.click(screen.getByTestId('plan-mode-penalties'));
  const rows = await screen.findAllByTestId('plan-row');
  await waitFor(() => expect(rows[0]).toHaveTextContent(`패널티 ${count}건`));
  expect(rows[1]).toHaveTextContent('패널티 0건');
  expect(rows.at(-1)).toHaveTextContent(`패널티 ${count}건`);
  expect(screen.getAllByTestId('plan-shape')[0]).toHaveAttribute('data-heat', '4');
  expect([heatOf(0, 9), heatOf(1, 9), heatOf(9, 9), heatOf(0, 0)]).toEqual([0, 1, 4, 0]);
});

it('is drawn by keyboard alone, from nothing', async () => {
  const { user, backend } = await openPlan({});
  const first = await screen.findByTestId('plan-first');
  expect(first).toHaveFocus();
  await user.keyboard('{Enter}');
  await user.type(await screen.findByTestId('plan-name'), '별관');
  screen.getByTestId('plan-add-area').focus();
  await user.keyboard('{Enter}');
  const shape = screen.getByTestId('plan-canvas-shape');
  shape.focus();
  const name = shape.getAttribute('aria-label') ?? '';
  await user.keyboard('{ArrowLeft}{ArrowDown}{Shift>}{ArrowRight}{/Shift}{Control>}{ArrowUp}{/Control}');
  await user.keyboard('{Control>}s{/Control}');
  await screen.findByTestId('plan-screen');
  const [plan] = backend.world.plans;
  const [drawn] = plan?.shapes ?? [];
  expect(plan).toMatchObject({ name: '별관', revision: 1 });
  expect(name).toContain(`왼쪽에서 ${(drawn?.x ?? 0) + 10}, 위에서 ${(drawn?.y ?? 0) - 9}`);
  expect(drawn).toMatchObject({ kind: 'area', area: backend.world.areas[0]?.areaId, width: 250 });
});

it('drags a shape, sizes it at its corner and removes it with Delete', async () => {
  const { user, backend } = await openEditor();
  const canvas = screen.getByTestId('plan-canvas');
  canvas.getBoundingClientRect = () => ({ width: 400, height: 250 }) as DOMRect;
  const [shape] = screen.getAllByTestId('plan-canvas-shape');
  if (!shape) throw new Error('no shape');
  Object.assign(SVGElement.prototype, { setPointerCapture: () => {} });
  const drag = (target: Element, dx: number, dy: number) => {
    fireEvent.pointerDown(target, { button: 0, pointerId: 1, clientX: 100, clientY: 100 });
    fireEvent.pointerMove(target, { pointerId: 1, clientX: 100 + dx, clientY: 100 + dy });
    fireEvent.pointerUp(target, { pointerId: 1 });
  };
  const [before] = backend.world.plans[0]?.shapes ?? [];
  drag(shape, 20, 10);
  drag(screen.getByTestId('plan-corner'), -10, 5);
  screen.getAllByTestId('plan-canvas-shape')[1]?.focus();
  await user.keyboard('{Delete}');
  await user.click(screen.getByTestId('plan-save'));
  await screen.findByTestId('plan-screen');
  const shapes = backend.world.plans[0]?.shapes ?? [];
  expect(shapes).toHaveLength(5);
  expect(shapes[0]).toMatchObject({
    x: (before?.x ?? 0) + 40,
    y: (before?.y ?? 0) + 20,
    width: (before?.width ?? 0) - 20,
    height: (before?.height ?? 0) + 10,
  });
});

it('asks before what was drawn is lost, and says what to do when another manager was faster', async () => {
  const { user, backend } = await openEditor();
  await user.type(screen.getByTestId('plan-name'), '!');
  await user.keyboard('{Escape}');
  expect(await screen.findByText(/그린 것을 버릴까요/)).toBeInTheDocument();
  await user.click(screen.getByRole('button', { name: '계속 그리기' }));
  for (const plan of backend.world.plans) plan.revision = 7;
  await user.click(screen.getByTestId('plan-save'));
  const editor = screen.getByTestId('plan-editor');
  expect(await within(editor).findByTestId('error')).toBeInTheDocument();
});

it('shows a picked picture as an image from data, and stores it scaled', async () => {
  const scaled = {
    data: 'iVBORw0KGgo=',
    url: 'data:image/png;base64,iVBORw0KGgo=',
    width: 1600,
    height: 1000,
  };
  vi.spyOn(scaling, 'scalePicture').mockResolvedValue(scaled);
  const { user, backend } = await openEditor();
  await user.click(screen.getByTestId('plan-pick'));
  expect(await screen.findByTestId('plan-picture')).toHaveAttribute('src', scaled.url);
  await user.click(screen.getByTestId('plan-save'));
  expect(await screen.findByTestId('plan-picture')).toHaveAttribute('src', scaled.url);
  expect(backend.world.plans[0]).toMatchObject({ width: 1600, height: 1000, picture: scaled.data });
  // The shapes stay over the same parts.
  expect(backend.world.plans[0]?.shapes[0]).toMatchObject({ x: 80, width: 440 });
});

it('shows the shapes while pieces of the picture are missing', async () => {
  const app = await renderApp({ plan: true, planPieces: 'some' });
  for (const plan of app.backend.world.plans) plan.picture = 'iVBORw0KGgo=';
  await openScreen(app.user, 'plan');
  expect(await screen.findByTestId('plan-missing')).toHaveTextContent('1조각 중 0조각');
  expect(screen.queryByTestId('plan-picture')).toBeNull();
  expect(screen.getAllByTestId('plan-shape').length).toBeGreaterThan(0);
});

it('is read by staff, who are offered no editor', async () => {
  await openPlan({ plan: true, role: 'staff' });
  await screen.findAllByTestId('plan-row');
  expect(screen.queryByTestId('plan-edit')).toBeNull();
});

it('keeps which site a terminal shows', async () => {
  const { user, backend, unmount } = await openPlan();
  const [plan] = backend.world.plans;
  if (plan) backend.world.plans.push({ ...plan, planId: 'other', name: '별관' });
  backend.announce();
  await user.click(await screen.findByTestId('plan-site'));
  await user.click(await screen.findByRole('option', { name: '본관 1층' }));
  expect(localStorage.getItem('nosmoke.plan')).toBe(plan?.planId);
  // The next start shows it, and not the first by name.
  unmount();
  await openScreen((await renderApp({}, backend)).user, 'plan');
  expect(await screen.findByRole('img', { name: /본관 1층/ })).toBeInTheDocument();
});

it('shortens words that are wider than their shape', () => {
  expect(fitText('동문 흡연구역', 200, 20)).toBe('동문 흡연구역');
  expect(fitText('동문 흡연구역', 90, 20)).toBe('동문 …');
  expect(fitText('동문', 20, 20)).toBe('');
});

it("takes typed numbers digit by digit, and saves no coordinates that it can't read", async () => {
  const { user, backend } = await openEditor();
  await user.click(screen.getAllByTestId('plan-editor-row')[0] as HTMLElement);
  const width = await screen.findByTestId('plan-width');
  await user.clear(width);
  await user.type(width, '250');
  expect(width).toHaveValue('250');
  const place = screen.getByTestId('plan-coordinates');
  await user.type(place, '37.5665, far away');
  await user.click(screen.getByTestId('plan-save'));
  expect(screen.getByTestId('plan-editor')).toBeInTheDocument();
  await user.clear(place);
  await user.type(place, '37.5665, 126.978');
  await user.click(screen.getByTestId('plan-save'));
  await screen.findByTestId('plan-screen');
  const at = { latitude: 37_566_500, longitude: 126_978_000 };
  expect(backend.world.plans[0]?.shapes[0]).toMatchObject({ width: 250, at });
});

it('closes an open list with Escape, not the editor', async () => {
  const { user } = await openEditor();
  await user.click(screen.getAllByTestId('plan-editor-row')[0] as HTMLElement);
  await user.click(await screen.findByTestId('plan-area'));
  await user.keyboard('{Escape}');
  expect(screen.getByTestId('plan-editor')).toBeInTheDocument();
});

it('takes away one shape with a key that is held, and keeps the focus in the drawing', async () => {
  await openEditor();
  const shapes = screen.getAllByTestId('plan-canvas-shape');
  const last = shapes.at(-1) as unknown as HTMLElement;
  last.focus();
  fireEvent.keyDown(last, { key: 'Delete' });
  fireEvent.keyDown(document.activeElement as Element, { key: 'Delete', repeat: true });
  await waitFor(() => expect(screen.getAllByTestId('plan-canvas-shape')).toHaveLength(shapes.length - 1));
  expect(screen.getByTestId('plan-canvas')).toContainElement(document.activeElement as HTMLElement);
});

it("says nothing of a picture that is still loading, and no count that isn't known yet", async () => {
  const app = await openPlan();
  for (const plan of app.backend.world.plans) plan.picture = 'iVBORw0KGgo=';
  vi.spyOn(app.backend, 'placePenalties').mockReturnValue(new Promise(() => {}));
  await app.user.click(screen.getByTestId('plan-mode-penalties'));
  await screen.findByTestId('plan-period');
  expect(screen.queryByText(/패널티 0건/)).not.toBeInTheDocument();
});
