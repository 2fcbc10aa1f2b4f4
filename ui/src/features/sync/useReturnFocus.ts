import { useEffect } from 'react';

/**
 * When a dialog closes, gives the focus back to the element that had it before. Mantine does this only for a dialog
 * that stays mounted while it is closed.
 */
export function useReturnFocus(): void {
  useEffect(() => {
    const before = document.activeElement;
    return () => {
      if (before instanceof HTMLElement && before.isConnected) before.focus();
    };
  }, []);
}
