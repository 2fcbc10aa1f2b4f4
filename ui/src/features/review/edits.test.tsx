import { screen, waitFor, within } from '@testing-library/react';
import { expect, it } from 'vitest';
import { openScreen } from '../../testing/places';
import { renderApp } from '../../testing/render';

/** Opens the inbox with an edit of a customer's phone that was overtaken. */
async function openInbox() {
  const app = await renderApp({ overtaken: true });
  const { world } = app.backend;
  const customer = [...world.customers.values()].find(({ name }) => name !== null);
  if (!customer) throw new Error('no customer');
  await openScreen(app.user, 'review');
  const edit = await screen.findByTestId('edit');
  within(edit).getByRole('button').focus();
  await app.user.keyboard('{Enter}');
  return { app, customer, edit };
}

it('shows what was typed here beside what counts now, and applies it again', async () => {
  const { app, customer, edit } = await openInbox();
  const row = within(edit).getByTestId('edit-field');
  expect(row).toHaveTextContent('전화');
  expect(row).toHaveTextContent('010-7777-7777');
  expect(row).toHaveTextContent(customer.phone ?? '없음');
  within(edit).getByTestId('edit-take').focus();
  await app.user.keyboard('{Enter}');
  await screen.findByTestId('edit-confirm');
  await app.user.keyboard('{Enter}');
  await waitFor(() => expect(screen.queryByTestId('edit')).toBeNull());
  expect(customer.phone).toBe('010-7777-7777');
});

it('drops an edit that nobody needs', async () => {
  const { app, customer, edit } = await openInbox();
  const before = customer.phone;
  await app.user.click(within(edit).getByTestId('edit-drop'));
  await app.user.click(await screen.findByTestId('edit-confirm-submit'));
  await waitFor(() => expect(screen.queryByTestId('edit')).toBeNull());
  expect(customer.phone).toBe(before);
});
