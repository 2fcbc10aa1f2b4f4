import { render } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { App } from '../app/App';
import { Providers } from '../app/Providers';
import { createMockBackend, type MockBackend, type Scenario } from '../backend/mock';
import { startI18n } from '../i18n';

/** Renders all screens with the mock as their backend. */
export async function renderApp(
  scenario: Partial<Scenario> = {},
  backend: MockBackend = createMockBackend(scenario),
) {
  const i18n = await startI18n('ko');
  const view = render(
    <Providers backend={backend} i18n={i18n}>
      <App />
    </Providers>,
  );
  return { ...view, backend, i18n, user: userEvent.setup() };
}
