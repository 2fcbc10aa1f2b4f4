import { screen, waitFor, within } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import { renderApp } from '../testing/render';
import { screenNames, screens } from './screens';

async function openPalette() {
  const app = await renderApp();
  await screen.findByTestId('rail-desk');
  await app.user.keyboard('{Control>}k{/Control}');
  await screen.findByTestId('palette-search');
  return app;
}

describe('Screens', () => {
  it('are in the rail by their names, in the order of the table', async () => {
    const { i18n } = await renderApp();
    await screen.findByTestId('rail-desk');
    const buttons = within(screen.getByRole('navigation', { name: i18n.t('app:rail.label') }))
      .getAllByRole('button')
      .filter(({ dataset }) => dataset.testid !== 'rail-keys');
    expect(buttons.map(({ textContent }) => textContent)).toEqual(
      screenNames.filter((name) => screens[name].Icon).map((name) => i18n.t(`app:rail.${name}`)),
    );
  });

  it('are in the palette in the order of the table', async () => {
    const { i18n } = await openPalette();
    const items = screen.getAllByTestId('palette-item').map(({ textContent }) => textContent);
    expect(items.slice(0, screenNames.length)).toEqual(
      screenNames.map((name) => i18n.t('app:palette.goTo', { screen: i18n.t(`app:rail.${name}`) })),
    );
  });

  for (const name of screenNames) {
    it(`${name} is shown, and its button in the rail is marked as current`, async () => {
      const { user } = await openPalette();
      await user.click(screen.getAllByTestId('palette-item')[screenNames.indexOf(name)] as HTMLElement);
      const button = screen.getByTestId(`rail-${screens[name].under ?? name}`);
      await waitFor(() => expect(button).toHaveAttribute('aria-current', 'page'));
      expect(screen.getByRole('main', { hidden: true })).not.toBeEmptyDOMElement();
      expect(screen.queryByTestId('error')).toBeNull();
    });
  }

  it.each(['ko', 'en'] as const)(
    'are listed in the help with what a scan does there: %s',
    async (language) => {
      const { user, i18n } = await renderApp({ language });
      await screen.findByTestId('rail-desk');
      await user.keyboard('{F1}');
      const lines = within(await screen.findByTestId('keys-scans')).getAllByRole('term');
      expect(lines.map(({ textContent }) => textContent)).toEqual(
        expect.arrayContaining(
          (['desk', 'customers', 'mypage'] as const).map((name) => i18n.t(`app:rail.${name}`)),
        ),
      );
      expect(screen.getByTestId('keys-scans')).not.toHaveTextContent('keys.scan');
    },
  );
});
