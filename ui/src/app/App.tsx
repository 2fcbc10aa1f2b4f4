import { useQueryClient } from '@tanstack/react-query';
import { useCallback, useEffect, useMemo, useState } from 'react';
import {
  type AppError,
  asAppError,
  type LockScreen as LockView,
  type Preferences,
  type Session,
  type Start,
  useBackend,
} from '../backend';
import { LockScreen } from '../features/lock';
import { SetUpScreen } from '../features/setup';
import { isLocked, markLocked, useIsLocked } from '../shared/layers';
import { NavigationProvider } from '../shared/navigation';
import { useApplyPreferences } from '../shared/preferences';
import { ScanProvider } from '../shared/scan';
import { DEFAULT_SCANNER } from '../shared/scan/runs';
import { SessionProvider, type SessionState } from '../shared/session';
import { UndoProvider } from '../shared/undo';
import { ApprovalProvider } from './ApprovalProvider';
import classes from './app.module.css';
import { ClockScreen } from './ClockScreen';
import { FailedScreen } from './FailedScreen';
import { Frame } from './Frame';
import { programMap } from './places';
import { useFocusAcrossLock } from './useFocusAcrossLock';
import { useLockView } from './useLockView';
import { useScansToNobody } from './useScansToNobody';

const fallback: Preferences = {
  language: 'ko',
  theme: 'light',
  sound: false,
  zoom: 100,
  scanner: DEFAULT_SCANNER,
  autoLockMinutes: 10,
};

/** What the page shows, below the lock screen if the terminal is locked. */
type Shown = Exclude<Start, { state: 'locked' }>;

const withPreferences = (shown: Shown, preferences: Preferences): Shown =>
  shown.state === 'ready'
    ? { ...shown, session: { ...shown.session, preferences, preferencesLost: [] } }
    : { ...shown, preferences };

/**
 * Starts the program and shows the screens, the set-up, the failure or the lock screen, depending on the state of the
 * data folder. What is on the screen stays below the lock screen, for the next person who signs in.
 */
export function App() {
  const backend = useBackend();
  const queryClient = useQueryClient();
  const [shown, setShown] = useState<Shown | null>(null);
  const [openedCount, setOpenedCount] = useState(0);
  const locked = useIsLocked();
  const lock = useLockView(locked);
  const { show: showLock } = lock;

  const show = useCallback(
    (next: Start) => {
      if (next.state === 'locked') {
        markLocked(true);
        showLock(next.lock);
        return;
      }
      markLocked(false);
      setShown(next);
    },
    [showLock],
  );
  const adopt = useCallback(
    (next: Start) => {
      // Drop cached data: in another data folder, the same ids may belong to other customers.
      queryClient.clear();
      setOpenedCount((now) => now + 1);
      if (next.state === 'locked') setShown(null);
      show(next);
    },
    [queryClient, show],
  );
  const fail = useCallback(
    (error: AppError) => show({ state: 'failed', error, preferences: fallback, version: '' }),
    [show],
  );
  const load = useCallback(
    () =>
      backend.start().then(
        // Only signing in ends a lock: an answer from before it must not.
        (next) => (next.state === 'ready' && isLocked() ? undefined : show(next)),
        (thrown) => fail(asAppError(thrown)),
      ),
    [backend, show, fail],
  );
  useEffect(() => void load(), [load]);
  const isReady = shown?.state === 'ready';
  // The person who is signed in may have another role or name from now on.
  useEffect(
    () =>
      isReady
        ? backend.onChanged(({ customers }) => customers.length === 0 && !isLocked() && void load())
        : undefined,
    [backend, isReady, load],
  );
  useEffect(() => () => markLocked(false), []);

  const lockNow = useCallback(() => {
    if (isLocked()) return;
    // Hidden at once; the program answers later.
    markLocked(true);
    backend.lock().then(
      (view: LockView) => showLock(view),
      (thrown) => fail(asAppError(thrown)),
    );
  }, [backend, showLock, fail]);
  const signedIn = useCallback(
    (session: Session) => {
      // What the one before has looked at isn't for the next one, and what is on the screen may have changed.
      queryClient.removeQueries({ type: 'inactive' });
      show({ state: 'ready', session });
      void queryClient.invalidateQueries();
    },
    [queryClient, show],
  );
  const savePreferences = useCallback(
    async (preferences: Preferences) => {
      const saved = await backend.savePreferences(preferences);
      setShown((now) => now && withPreferences(now, saved));
    },
    [backend],
  );
  const session = shown?.state === 'ready' ? shown.session : null;
  useApplyPreferences(
    session?.preferences ?? (shown && 'preferences' in shown ? shown.preferences : lock.view?.preferences),
  );
  useScansToNobody(locked && session === null);
  useFocusAcrossLock(locked);
  const state = useMemo<SessionState | null>(
    () => session && { session, savePreferences, restart: load, adopt, lock: lockNow },
    [session, savePreferences, load, adopt, lockNow],
  );

  const below = () => {
    if (!shown) return null;
    if (shown.state === 'failed') {
      return <FailedScreen error={shown.error} version={shown.version} onRetry={() => void load()} />;
    }
    if (shown.state === 'setUp') {
      return (
        <SetUpScreen
          preferences={shown.preferences}
          version={shown.version}
          onReady={adopt}
          onPreferences={(preferences) => void savePreferences(preferences)}
        />
      );
    }
    return (
      state && (
        // The key resets the navigation when another or a restored data folder is opened: at the desk, no customer
        // selected.
        <SessionProvider key={openedCount} value={state}>
          <NavigationProvider map={programMap}>
            <UndoProvider>
              <ScanProvider>
                <ApprovalProvider>
                  {state.session.clockQuestion ? (
                    <ClockScreen question={state.session.clockQuestion} />
                  ) : (
                    <Frame />
                  )}
                </ApprovalProvider>
              </ScanProvider>
            </UndoProvider>
          </NavigationProvider>
        </SessionProvider>
      )
    );
  };
  return (
    <>
      <div className={classes.held} data-held={locked || undefined}>
        {below()}
      </div>
      {locked && lock.view && (
        <LockScreen
          lock={lock.view}
          before={session?.staff.staffId ?? null}
          onSignedIn={signedIn}
          onReload={lock.reload}
        />
      )}
    </>
  );
}
