import { screen, waitFor } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import { openScreen } from '../../testing/places';
import { renderApp } from '../../testing/render';

async function openCustomer(ending: string) {
  const app = await renderApp();
  await openScreen(app.user, 'customers');
  await app.user.type(await screen.findByTestId('customers-search'), ending);
  await waitFor(() => expect(screen.getAllByTestId('customer-row')).toHaveLength(1));
  await app.user.click(screen.getByTestId('customer-row'));
  await screen.findByTestId('customer-detail');
  return app;
}

describe('two ids of one person', () => {
  it('are joined after both were seen side by side, and parted again', async () => {
    const { user, backend } = await openCustomer('4821');
    expect(screen.queryByTestId('linked-ids')).toBeNull();
    await user.click(screen.getByTestId('customer-link'));
    await user.type(await screen.findByTestId('link-find'), '7305');
    await waitFor(() => expect(screen.getAllByTestId('customer-hit')).toHaveLength(1));
    const named = screen.getByTestId('link-find').getAttribute('aria-activedescendant');
    expect(screen.getByTestId('customer-hit')).toHaveAttribute('id', named);
    await user.keyboard('{Enter}');
    const both = await screen.findByTestId('link-both');
    expect(both).toHaveTextContent('4821');
    expect(both).toHaveTextContent('7305');
    await user.click(screen.getByTestId('link-submit'));
    expect(await screen.findByTestId('customers-said')).toHaveTextContent('두 ID를 합쳤습니다');
    await user.click(await screen.findByTestId('linked-part'));
    await user.keyboard('{Enter}');
    expect(await screen.findByText('두 ID를 나누었습니다.')).toBeInTheDocument();
    await waitFor(() => expect(screen.queryByTestId('linked-ids')).toBeNull());
    expect(backend.requests.map(({ command }) => command.type)).toEqual(['linkCustomers', 'partCustomers']);
  });

  it('must be two', async () => {
    const { user } = await openCustomer('4821');
    await user.click(screen.getByTestId('customer-link'));
    await user.type(await screen.findByTestId('link-find'), '4821');
    await waitFor(() => expect(screen.getAllByTestId('customer-hit')).toHaveLength(1));
    await user.keyboard('{Enter}');
    expect(await screen.findByText('같은 ID입니다. 다른 ID를 골라 주세요.')).toBeInTheDocument();
    expect(screen.getByTestId('link-submit')).toBeDisabled();
  });
});
