import { screen, waitFor, within } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import { openScreen } from '../../testing/places';
import { renderApp } from '../../testing/render';

describe('The guide', () => {
  it('opens by F1 twice at the page of the screen, is searched, and closed by Escape', async () => {
    const { user } = await renderApp();
    await openScreen(user, 'rules');
    await user.keyboard('{F1}');
    await screen.findByTestId('keys-help');
    await user.keyboard('{F1}');
    const guide = within(await screen.findByTestId('guide'));
    await waitFor(() => expect(screen.queryByTestId('open-guide')).toBeNull());
    expect(await guide.findByRole('heading', { name: '규칙', level: 1 })).toBeInTheDocument();
    await user.type(guide.getByTestId('guide-search'), '되살');
    await user.click((await guide.findAllByTestId('guide-found'))[0] as HTMLElement);
    expect(await guide.findByRole('heading', { name: '백업', level: 1 })).toBeInTheDocument();
    // The next screen has its own page.
    await openScreen(user, 'people');
    expect(await guide.findByRole('heading', { name: '첫날', level: 1 })).toBeInTheDocument();
    guide.getByTestId('guide-search').focus();
    await user.keyboard('{Escape}');
    await waitFor(() => expect(screen.queryByTestId('guide')).toBeNull());
  });
});
