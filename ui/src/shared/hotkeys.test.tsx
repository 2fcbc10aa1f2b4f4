import { MantineProvider, Modal } from '@mantine/core';
import { render, screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { useState } from 'react';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { useHotkeys } from './hotkeys';
import { theme } from './theme/theme';

function Dialog({ onKey }: { onKey: () => void }) {
  const [isOpen, setIsOpen] = useState(true);
  useHotkeys({ F2: onKey });
  return (
    <Modal opened={isOpen} onClose={() => setIsOpen(false)}>
      <button type="button">x</button>
    </Modal>
  );
}

describe('Keys', () => {
  afterEach(() => vi.unstubAllGlobals());

  it('are the screen’s as soon as a dialog is closed, however late the frames are', async () => {
    const onKey = vi.fn();
    const user = userEvent.setup();
    // Not the provider of the other tests, which has no transitions.
    render(
      <MantineProvider theme={theme}>
        <Dialog onKey={onKey} />
      </MantineProvider>,
    );
    await waitFor(() => expect(screen.getByRole('dialog')).toBeInTheDocument());
    await user.keyboard('{F2}');
    expect(onKey).not.toHaveBeenCalled();
    vi.stubGlobal('requestAnimationFrame', () => 0);
    await user.keyboard('{Escape}{F2}');
    expect(onKey).toHaveBeenCalledOnce();
  });
});
