import { screen, waitFor } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import type { Scenario } from '../../backend/mock';
import { find, isInHand } from '../../testing/desk';
import { renderApp } from '../../testing/render';

async function openPalette(scenario: Partial<Scenario> = {}) {
  const app = await renderApp(scenario);
  await screen.findByTestId('search');
  const type = async (text: string) => {
    await app.user.keyboard('{Control>}k{/Control}');
    await app.user.type(await screen.findByTestId('palette-search'), text);
  };
  return { ...app, type };
}

const items = () => screen.queryAllByTestId('palette-item').map(({ dataset }) => dataset.id);

describe('The palette', () => {
  it('finds people as the desk does and takes them in hand, from any screen', async () => {
    const { user, type } = await openPalette();
    await user.keyboard('{Alt>}8{/Alt}');
    await screen.findByTestId('settings-screen');
    await type('1190');
    await waitFor(() => expect(items()[0]).toMatch(/^person /));
    await user.keyboard('{Enter}');
    await isInHand('강민석');
    expect(screen.getByTestId('desk-screen')).toBeInTheDocument();
  });

  it('offers what can be done for the customer in hand, and does it at the desk', async () => {
    const { user, type } = await openPalette();
    await type('결제');
    expect(items()).not.toContain('pay');
    await user.keyboard('{Escape}');
    await find('1190', '강민석');
    await user.keyboard('{Alt>}8{/Alt}');
    await screen.findByTestId('settings-screen');
    await type('결제');
    await waitFor(() => expect(items()[0]).toBe('pay'));
    expect(screen.getAllByTestId('palette-item')[0]).toHaveTextContent('강민석');
    await user.keyboard('{Enter}');
    expect(await screen.findByTestId('pay-dialog')).toBeInTheDocument();
  });

  it('opens a section of the settings, found in the other language too', async () => {
    const { user, type } = await openPalette();
    await type('kafka server');
    await waitFor(() => expect(items()[0]).toBe('section connection'));
    await user.keyboard('{Enter}');
    expect(await screen.findByTestId('connections-screen')).toBeInTheDocument();
  });

  it('has what was used last first, and offers a role only its own', async () => {
    const { user, type } = await openPalette({ role: 'staff' });
    await type('어두운');
    await user.keyboard('{Enter}');
    await type('x{Backspace}');
    expect(items()[0]).toBe('dark');
    expect(items()).not.toContain('screen connections');
    expect(items()).not.toContain('section people');
  });

  it('is a combobox whose field names the chosen option', async () => {
    const { user, type } = await openPalette();
    await type('백업');
    const field = screen.getByRole('combobox', { name: '사람·할 일·화면 찾기' });
    const active = () => document.getElementById(field.getAttribute('aria-activedescendant') ?? '');
    await waitFor(() => expect(active()).toHaveAttribute('aria-selected', 'true'));
    const first = active();
    await user.keyboard('{ArrowDown}');
    expect(active()).not.toBe(first);
    expect(screen.getByRole('dialog', { name: '사람·할 일·화면 찾기' })).toBeInTheDocument();
  });
});
