import { screen, waitFor, within } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import { find } from '../../testing/desk';
import { renderApp } from '../../testing/render';

describe('Mypage turned to the customer', () => {
  it('shows the balance and visits, in the language of the customer, without staff and ids', async () => {
    const { user, backend, i18n } = await renderApp();
    await find('1190', '강민석');
    await user.keyboard('{F8}');
    await screen.findByTestId('mypage-row');
    await user.keyboard('{Control>}b{/Control}');
    const view = within(await screen.findByTestId('customer-view'));
    expect(view.getByTestId('customer-view-balance')).toHaveTextContent('100');
    expect(view.getByTestId('customer-view-standing')).toHaveTextContent('이용할 수 있습니다');
    await waitFor(() => expect(view.getByTestId('customer-view-visits').children.length).toBeGreaterThan(0));
    const words = screen.getByTestId('customer-view').textContent ?? '';
    for (const { name } of backend.world.people) expect(words).not.toContain(name);
    const others = [...backend.world.customers.values()].filter(({ name }) => name && name !== '강민석');
    for (const { name } of others) expect(words).not.toContain(name);
    expect(words).not.toMatch(/[0-9a-f]{8}-[0-9a-f]{4}/);
    await user.click(view.getByTestId('customer-view-en'));
    await waitFor(() => expect(view.getByTestId('customer-view-standing')).toHaveTextContent('You can use'));
    // The desk keeps its own language.
    expect(i18n.language).toBe('ko');
    await user.keyboard('{Escape}');
    await waitFor(() => expect(screen.queryByTestId('customer-view')).toBeNull());
    expect(screen.getByTestId('mypage-other')).toHaveTextContent('다른 고객');
  });
});
