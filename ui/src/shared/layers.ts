import { useLayoutEffect, useSyncExternalStore } from 'react';

/** Whether the terminal is locked, for the listeners of the whole window: none of theirs acts meanwhile. */
let locked = false;
const listeners = new Set<() => void>();
/** How many approvals are asked for. */
let approvals = 0;

/** What covers all the rest, dialogs too: only its own keys work. */
export type Layer = 'lock' | 'approval';

export function topLayer(): Layer | undefined {
  if (locked) return 'lock';
  return approvals > 0 ? 'approval' : undefined;
}

/** Covers the page and its dialogs while the component is mounted. */
export function useApprovalLayer(): void {
  useLayoutEffect(() => {
    approvals += 1;
    return () => {
      approvals -= 1;
    };
  }, []);
}

export const isLocked = (): boolean => locked;

/** Marks the page as locked or not; the style sheet then hides what lies below the lock screen. */
export function markLocked(isNowLocked: boolean): void {
  if (locked === isNowLocked) return;
  locked = isNowLocked;
  if (locked) document.body.dataset.locked = '';
  else delete document.body.dataset.locked;
  for (const listener of listeners) listener();
}

export function onLockedChange(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export const useIsLocked = (): boolean => useSyncExternalStore(onLockedChange, isLocked);
