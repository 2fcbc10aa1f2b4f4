import { useEffect } from 'react';

/** The forms with typed settings that aren't saved. */
const holders = new Set<object>();
const listeners = new Set<() => void>();

const tell = () => {
  for (const listener of listeners) listener();
};

export const hasUnsaved = (): boolean => holders.size > 0;

/** Subscribes to changes of {@link hasUnsaved}. */
export function onUnsaved(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Notes while a form has typed settings that aren't saved, so that closing the window asks about them. */
export function useUnsaved(isUnsaved: boolean): void {
  useEffect(() => {
    if (!isUnsaved) return;
    const holder = {};
    holders.add(holder);
    tell();
    return () => {
      holders.delete(holder);
      tell();
    };
  }, [isUnsaved]);
}
