import { useEffect, useRef } from 'react';
import { isLocked, onLockedChange } from '../shared/layers';

/** Puts the cursor back to where it was before the terminal was locked. */
export function useFocusAcrossLock(locked: boolean): void {
  const before = useRef<HTMLElement | null>(null);
  useEffect(
    () =>
      onLockedChange(() => {
        if (isLocked() && document.activeElement instanceof HTMLElement)
          before.current = document.activeElement;
      }),
    [],
  );
  useEffect(() => {
    if (locked) return;
    const field = before.current;
    before.current = null;
    if (field?.isConnected) field.focus();
  }, [locked]);
}
