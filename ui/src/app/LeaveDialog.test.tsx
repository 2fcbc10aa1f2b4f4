import { fireEvent, screen, waitFor } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import { openScreen } from '../testing/places';
import { renderApp } from '../testing/render';

async function openAreas() {
  const app = await renderApp();
  await openScreen(app.user, 'areas');
  await screen.findByTestId('areas-screen');
  return app;
}

async function typeArea() {
  const app = await openAreas();
  await app.user.type(screen.getByTestId('settings-area-new-name'), '새 구역');
  await waitFor(() => expect(app.backend.world.desktop.isUnsaved).toBe(true));
  return app;
}

describe('leaving settings that are not saved', () => {
  it('asks, and keeps what was typed when the user stays', async () => {
    const { user } = await typeArea();
    await user.click(screen.getByTestId('rail-desk'));
    expect(await screen.findByTestId('leave-dialog')).toHaveTextContent('저장하지 않은 내용이 사라집니다');
    await user.keyboard('{Enter}');
    await waitFor(() => expect(screen.queryByTestId('leave-dialog')).toBeNull());
    expect(screen.getByTestId('settings-area-new-name')).toHaveValue('새 구역');
  });

  it('goes on to the screen that was asked for, and forgets what was typed', async () => {
    const { user, backend } = await typeArea();
    await openScreen(user, 'customers');
    await user.click(await screen.findByTestId('leave-discard'));
    expect(await screen.findByTestId('customers-search')).toBeInTheDocument();
    expect(screen.queryByTestId('leave-dialog')).toBeNull();
    await waitFor(() => expect(backend.world.desktop.isUnsaved).toBe(false));
  });

  it('asks about every way out: the palette and the sync chip', async () => {
    const { user } = await typeArea();
    await user.click(screen.getByTestId('sync-chip'));
    await screen.findByTestId('leave-dialog');
    await user.keyboard('{Escape}');
    await waitFor(() => expect(screen.queryByTestId('leave-dialog')).toBeNull());
    await user.keyboard('{Control>}k{/Control}');
    await user.type(await screen.findByTestId('palette-search'), '고객{Enter}');
    expect(await screen.findByTestId('leave-dialog')).toBeInTheDocument();
    expect(screen.getByTestId('areas-screen')).toBeInTheDocument();
  });

  it('asks nothing when nothing was typed, or what was typed is saved', async () => {
    const { user } = await openAreas();
    await user.type(screen.getByTestId('settings-facility-name'), '2{Enter}');
    await screen.findByTestId('settings-said');
    await user.click(screen.getByTestId('rail-desk'));
    expect(await screen.findByTestId('search')).toBeInTheDocument();
    expect(screen.queryByTestId('leave-dialog')).toBeNull();
  });

  it('counts a pasted pairing code as typed', async () => {
    const { user } = await renderApp();
    await openScreen(user, 'connections');
    fireEvent.change(await screen.findByTestId('pairing-other'), { target: { value: 'code' } });
    await user.click(screen.getByTestId('rail-desk'));
    expect(await screen.findByTestId('leave-dialog')).toBeInTheDocument();
  });
});
