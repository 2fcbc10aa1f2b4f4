import { screen } from '@testing-library/react';
import type { UserEvent } from '@testing-library/user-event';
import { screenOf } from '../app/places';
import type { Screen } from '../shared/navigation';

/** Opens a screen by the rail, and by its tab if its place has tabs. */
export async function openScreen(user: UserEvent, name: Screen): Promise<void> {
  await user.click(await screen.findByTestId(`rail-${screenOf(name).place}`));
  const tab = screen.queryByTestId(`tab-${name}`);
  if (tab?.getAttribute('aria-selected') === 'false') await user.click(tab);
}
