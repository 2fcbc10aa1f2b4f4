import { useEffect } from 'react';
import { useBackend } from '../../backend';

/** Refetches after changes, at most once in `restMs`: for figures that cost too much to ask for after each change. */
export function useRefetchAfterChanges(refetch: () => unknown, restMs: number): void {
  const backend = useBackend();
  useEffect(() => {
    let timer: number | undefined;
    const unlisten = backend.onChanged(() => {
      timer ??= window.setTimeout(() => {
        timer = undefined;
        void refetch();
      }, restMs);
    });
    return () => {
      window.clearTimeout(timer);
      unlisten();
    };
  }, [backend, refetch, restMs]);
}
