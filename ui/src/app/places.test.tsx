import { screen, waitFor, within } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import type { Role } from '../backend';
import { sections } from '../features/settings';
import { find } from '../testing/desk';
import { openScreen } from '../testing/places';
import { renderApp } from '../testing/render';
import { placeNames, placesFor, screenNames, screenOf, screensFor, sectionsOf } from './places';

async function openPalette() {
  const app = await renderApp();
  await screen.findByTestId('rail-desk');
  await app.user.keyboard('{Control>}k{/Control}');
  await screen.findByTestId('palette-search');
  return app;
}

const railPlaces = () =>
  screen
    .getAllByTestId(/^rail-/)
    .map(({ dataset }) => dataset.testid?.replace('rail-', ''))
    .filter((name) => placeNames.includes(name as never));

describe('Places', () => {
  it('are eight at most, and everyone may see something of each section’s screen', () => {
    expect(placeNames.length).toBeLessThanOrEqual(8);
    for (const role of ['staff', 'supervisor', 'manager'] as Role[]) {
      for (const name of screensFor(role)) {
        const onScreen = Object.values(sections).filter((section) => section.screen === name);
        if (onScreen.length === 0) continue;
        expect(sectionsOf(role).filter((one) => one.screen === name)).not.toEqual([]);
      }
    }
    expect(sectionsOf('manager')).toHaveLength(Object.keys(sections).length);
  });

  it.each(['staff', 'supervisor', 'manager'] as const)('are in the rail for the role %s', async (role) => {
    await renderApp({ role });
    await screen.findByTestId('rail-desk');
    expect(railPlaces()).toEqual(placesFor(role).map(({ place }) => place));
    expect(screen.queryByTestId('rail-review') === null).toBe(role === 'staff');
  });

  it('are in the palette and the help in the order of the table', async () => {
    const { i18n, user } = await openPalette();
    const ids = screen.getAllByTestId('palette-item').map(({ dataset }) => dataset.id);
    expect(ids.filter((id) => id?.startsWith('screen '))).toEqual(
      screenNames.map((name) => `screen ${name}`),
    );
    expect(ids.filter((id) => id?.startsWith('section '))).toEqual(
      sectionsOf('manager').map(({ section }) => `section ${section}`),
    );
    await user.keyboard('{Escape}{F1}');
    const help = within(await screen.findByTestId('keys-places'));
    expect(help.getAllByRole('term').map(({ textContent }) => textContent)).toEqual([
      ...placeNames.map((place) => i18n.t(`app:place.${place}`)),
      i18n.t('app:keys.tabs'),
    ]);
  });

  for (const name of screenNames) {
    it(`show ${name}, with its place and tab marked as current`, async () => {
      const { user } = await openPalette();
      const items = screen.getAllByTestId('palette-item');
      await user.click(items.find(({ dataset }) => dataset.id === `screen ${name}`) as HTMLElement);
      const { place } = screenOf(name);
      const button = screen.getByTestId(`rail-${place}`);
      await waitFor(() => expect(button).toHaveAttribute('aria-current', 'page'));
      const tabs = within(screen.getByRole('main', { hidden: true })).queryAllByRole('tab', { hidden: true });
      const selected = tabs.filter((tab) => tab.getAttribute('aria-selected') === 'true');
      const hasTabs = screenNames.filter((one) => screenOf(one).place === place).length > 1;
      expect(selected.map(({ dataset }) => dataset.testid)).toEqual(hasTabs ? [`tab-${name}`] : []);
      expect(document.getElementById('place-panel')).not.toBeEmptyDOMElement();
      expect(screen.queryByTestId('error')).toBeNull();
    });
  }

  it('open by Alt with their number, also where Hangul is typed, and keep their last tab', async () => {
    const { user } = await renderApp();
    await screen.findByTestId('search');
    await user.keyboard('{Alt>}7{/Alt}');
    expect(await screen.findByTestId('sync-screen')).toBeInTheDocument();
    await user.keyboard('{Control>}{Tab}{/Control}');
    expect(await screen.findByTestId('services-screen')).toBeInTheDocument();
    await user.keyboard('{Alt>}1{/Alt}');
    await screen.findByTestId('search');
    expect(screen.queryByTestId('place-tabs')).toBeNull();
    await user.keyboard('{Alt>}7{/Alt}');
    expect(await screen.findByTestId('services-screen')).toBeInTheDocument();
    await user.keyboard('{Control>}{Shift>}{Tab}{/Shift}{/Control}');
    expect(await screen.findByTestId('sync-screen')).toBeInTheDocument();
    await user.keyboard('{Control>}{PageUp}{/Control}');
    expect(await screen.findByTestId('backup-screen')).toBeInTheDocument();
  });

  it('number only what the role sees', async () => {
    const { user } = await renderApp({ role: 'staff' });
    await screen.findByTestId('search');
    await user.keyboard('{Alt>}3{/Alt}');
    expect(await screen.findByTestId('customers-screen')).toBeInTheDocument();
  });

  it('have a tab list that arrows move along', async () => {
    const { user } = await renderApp();
    await openScreen(user, 'customers');
    screen.getByTestId('tab-customers').focus();
    await user.keyboard('{ArrowRight}');
    expect(screen.getByTestId('tab-mypage')).toHaveFocus();
    expect(screen.getByTestId('customers-screen')).toBeInTheDocument();
    await user.keyboard('{End}{Enter}');
    await waitFor(() => expect(screen.getByTestId('tab-why')).toHaveAttribute('aria-selected', 'true'));
    screen.getByTestId('tab-why').focus();
    await user.keyboard('{ArrowRight}');
    expect(screen.getByTestId('tab-customers')).toHaveFocus();
    await user.keyboard('{Enter}');
    await waitFor(() => expect(screen.getByTestId('tab-customers')).toHaveAttribute('aria-selected', 'true'));
    expect(screen.getByRole('tabpanel')).toHaveAttribute(
      'aria-labelledby',
      screen.getByTestId('tab-customers').id,
    );
  });

  it('lead to the histories of the customer in hand by F8 from anywhere', async () => {
    const { user } = await renderApp();
    await find('1190', '강민석');
    await openScreen(user, 'rules');
    await user.keyboard('{F8}');
    expect(await screen.findByTestId('mypage-screen')).toHaveTextContent('강민석');
  });

  it('have the cursor where nothing of them asks for it', async () => {
    const { user } = await renderApp();
    await find('1190', '강민석');
    await user.keyboard('{F8}');
    await waitFor(() => expect(screen.getByTestId('mypage-scroll')).toHaveFocus());
  });

  it.each(['ko', 'en'] as const)(
    'are listed in the help with what a scan does there: %s',
    async (language) => {
      const { user, i18n } = await renderApp({ language });
      await screen.findByTestId('rail-desk');
      await user.keyboard('{F1}');
      const lines = within(await screen.findByTestId('keys-scans')).getAllByRole('term');
      expect(lines.map(({ textContent }) => textContent)).toEqual(
        expect.arrayContaining([i18n.t('app:place.desk'), i18n.t('app:keys.scanMypage')]),
      );
      expect(screen.getByTestId('keys-scans')).not.toHaveTextContent('keys.scan');
    },
  );
});
