import { MantineProvider, Modal } from '@mantine/core';
import { render, screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { useRef, useState } from 'react';
import { describe, expect, it } from 'vitest';
import { theme } from '../shared/theme/theme';
import { useFocusHome } from './useFocusHome';

/** A dialog that is gone at once, as most are, and with a button that it was opened from. */
function Screen() {
  const panel = useRef<HTMLDivElement>(null);
  const [isOpen, setIsOpen] = useState(false);
  const [hasOpener, setHasOpener] = useState(true);
  useFocusHome('desk', panel);
  const close = (keepsOpener: boolean) => () => {
    setHasOpener(keepsOpener);
    setIsOpen(false);
  };
  return (
    <div ref={panel} tabIndex={-1}>
      <div data-home data-testid="home" tabIndex={-1} />
      {hasOpener && (
        <button type="button" data-testid="opener" onClick={() => setIsOpen(true)}>
          x
        </button>
      )}
      {isOpen && (
        <Modal opened onClose={close(true)}>
          <button type="button" data-testid="done" onClick={close(true)}>
            x
          </button>
          <button type="button" data-testid="gone" onClick={close(false)}>
            x
          </button>
        </Modal>
      )}
    </div>
  );
}

describe('The cursor', () => {
  it.each([
    ['done', 'opener'],
    ['gone', 'home'],
  ])('isn’t lost with a dialog: after %s it is at the %s', async (by, at) => {
    const user = userEvent.setup();
    // Not the provider of the other tests, which has no portals.
    render(
      <MantineProvider theme={theme}>
        <Screen />
      </MantineProvider>,
    );
    await waitFor(() => expect(screen.getByTestId('home')).toHaveFocus());
    await user.click(screen.getByTestId('opener'));
    await user.click(await screen.findByTestId(by));
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
    await waitFor(() => expect(screen.getByTestId(at)).toHaveFocus(), { timeout: 5_000 });
  });
});
