import { useCallback, useEffect, useRef, useState } from 'react';
import { type LockScreen, useBackend } from '../backend';

/** How often the lock screen is read again: counts, link and waits change by themselves. */
const RELOAD_MS = 5_000;

/** What the lock screen shows, read again while the terminal is locked. */
export function useLockView(isLocked: boolean) {
  const backend = useBackend();
  const [view, setView] = useState<LockScreen | null>(null);
  /** Answers that come after a later one are dropped. */
  const asked = useRef(0);
  const show = useCallback((next: LockScreen) => {
    asked.current += 1;
    setView(next);
  }, []);
  const reload = useCallback(() => {
    asked.current += 1;
    const own = asked.current;
    backend.lockScreen().then(
      (next) => own === asked.current && setView(next),
      // What is shown stays; it is read again soon.
      () => undefined,
    );
  }, [backend]);
  const isMissing = view === null;
  useEffect(() => {
    if (!isLocked) {
      setView(null);
      return;
    }
    const timer = setInterval(reload, RELOAD_MS);
    const unlisten = [backend.onChanged(reload), backend.onConnection(reload)];
    return () => {
      clearInterval(timer);
      for (const end of unlisten) end();
    };
  }, [backend, isLocked, reload]);
  useEffect(() => {
    // The program says by a refusal that nobody is signed in: then there is no view yet.
    if (isLocked && isMissing) reload();
  }, [isLocked, isMissing, reload]);
  return { view, show, reload };
}
