import { useQueryClient } from '@tanstack/react-query';
import { useCallback, useEffect, useMemo, useState } from 'react';
import { type AppError, asAppError, type Preferences, type Start, useBackend } from '../backend';
import { SetUpScreen } from '../features/setup';
import { NavigationProvider } from '../shared/navigation';
import { useApplyPreferences } from '../shared/preferences';
import { ScanProvider } from '../shared/scan';
import { DEFAULT_SCANNER } from '../shared/scan/runs';
import { SessionProvider, type SessionState } from '../shared/session';
import { UndoProvider } from '../shared/undo';
import { FailedScreen } from './FailedScreen';
import { Frame } from './Frame';

const fallback: Preferences = {
  language: 'ko',
  theme: 'light',
  sound: false,
  zoom: 100,
  scanner: DEFAULT_SCANNER,
};

const preferencesOf = (start: Start | null): Preferences | undefined =>
  start?.state === 'ready' ? start.session.preferences : start?.preferences;

const withPreferences = (start: Start, preferences: Preferences): Start =>
  start.state === 'ready'
    ? { ...start, session: { ...start.session, preferences, preferencesLost: [] } }
    : { ...start, preferences };

/** Starts the program and shows the screens, the set-up or the failure, depending on the state of the data folder. */
export function App() {
  const backend = useBackend();
  const queryClient = useQueryClient();
  const [start, setStart] = useState<Start | null>(null);
  const [openedCount, setOpenedCount] = useState(0);

  const adopt = useCallback(
    (next: Start) => {
      // Drop cached data: in another data folder, the same ids may belong to other customers.
      queryClient.clear();
      setOpenedCount((now) => now + 1);
      setStart(next);
    },
    [queryClient],
  );
  const fail = useCallback(
    (error: AppError) => setStart({ state: 'failed', error, preferences: fallback, version: '' }),
    [],
  );
  const load = useCallback(
    () => backend.start().then(setStart, (thrown) => fail(asAppError(thrown))),
    [backend, fail],
  );
  useEffect(() => void load(), [load]);
  useApplyPreferences(preferencesOf(start));

  const savePreferences = useCallback(
    async (preferences: Preferences) => {
      const saved = await backend.savePreferences(preferences);
      setStart((now) => now && withPreferences(now, saved));
    },
    [backend],
  );
  const session = start?.state === 'ready' ? start.session : null;
  const state = useMemo<SessionState | null>(
    () => session && { session, savePreferences, restart: load, adopt },
    [session, savePreferences, load, adopt],
  );

  if (!start) return null;
  if (start.state === 'failed') {
    return <FailedScreen error={start.error} version={start.version} onRetry={() => void load()} />;
  }
  if (!state) {
    return start.state === 'setUp' ? (
      <SetUpScreen
        preferences={start.preferences}
        version={start.version}
        onReady={adopt}
        onPreferences={(preferences) => void savePreferences(preferences)}
      />
    ) : null;
  }
  return (
    // The key resets the navigation when another or a restored data folder is opened: at the desk, no customer
    // selected.
    <SessionProvider key={openedCount} value={state}>
      <NavigationProvider>
        <UndoProvider>
          <ScanProvider>
            <Frame />
          </ScanProvider>
        </UndoProvider>
      </NavigationProvider>
    </SessionProvider>
  );
}
