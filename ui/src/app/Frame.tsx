import { lazy, Suspense, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useChangeFeed } from '../shared/data/queries';
import { useConnectionFeed } from '../shared/data/sync';
import { useTurns } from '../shared/data/useTurns';
import { useHotkeys } from '../shared/hotkeys';
import { useNavigation } from '../shared/navigation';
import { useSay } from '../shared/notes';
import { usePrinterFeed } from '../shared/printing/usePrinter';
import { mayAct } from '../shared/roles';
import { useCloseForScans } from '../shared/scan';
import { useChoiceKeys } from '../shared/scan/choiceKeys';
import { useSession, useSessionState } from '../shared/session';
import { AccessLogBar } from './AccessLogNotices';
import classes from './app.module.css';
import { JobDock } from './JobDock';
import { KeysHelp } from './KeysHelp';
import { LeaveDialog } from './LeaveDialog';
import { PANEL_ID, PlaceTabs, tabId } from './PlaceTabs';
import { Palette } from './palette/Palette';
import { placesFor, screenOf } from './places';
import { Rail } from './Rail';
import { ScreenBoundary } from './ScreenBoundary';
import { TopBar } from './TopBar';
import { useAutoLock } from './useAutoLock';
import { useFocusHome } from './useFocusHome';
import { usePlaceKeys } from './usePlaceKeys';
import { useZoomKeys } from './useZoomKeys';

/** Loaded when it is opened first, because few sessions need it. */
const Guide = lazy(() => import('./guide/Guide'));

/** Says at the start that preferences have their defaults: a slow scanner isn't recognised with them. */
function useSayPreferencesLost() {
  const { t } = useTranslation('app');
  const say = useSay();
  const isLost = useSession().preferencesLost.length > 0;
  useEffect(() => {
    if (isLost) say(t('preferencesLost'), 'warn');
  }, [isLost, say, t]);
}

/** The window: rail, top bar, current screen with the tabs of its place, and the dock with running jobs. */
export function Frame() {
  const { screen, place, answer, leave } = useNavigation();
  const { session, lock } = useSessionState();
  const [paletteOpen, setPaletteOpen] = useState(false);
  const [keysOpen, setKeysOpen] = useState(false);
  const [isGuideOpen, setIsGuideOpen] = useState(false);
  useChangeFeed();
  useConnectionFeed();
  usePrinterFeed();
  useTurns();
  useZoomKeys();
  usePlaceKeys();
  const panel = useRef<HTMLDivElement>(null);
  useFocusHome(screen, panel);
  useSayPreferencesLost();
  useAutoLock(session.preferences.autoLockMinutes, lock);
  useHotkeys({ 'Ctrl L': lock }, { inDialog: true });
  const { Screen, role } = screenOf(screen);
  const tabs = placesFor(session.staff.role).find((one) => one.place === place)?.screens ?? [];
  // Whoever signs in next keeps what is on the screen, unless it isn't for this role.
  const isHidden = !mayAct(session.staff.role, role);
  useEffect(() => {
    if (isHidden) leave('desk');
  }, [isHidden, leave]);
  useHotkeys({
    'Ctrl K': () => setPaletteOpen(true),
    F1: () => setKeysOpen(true),
  });
  // A card may begin with a question mark.
  useChoiceKeys(
    { '?': () => setKeysOpen(true) },
    {
      unless: ({ target }) =>
        target instanceof HTMLTextAreaElement || (target instanceof HTMLInputElement && target.value !== ''),
    },
  );
  useCloseForScans(() => {
    setPaletteOpen(false);
    setKeysOpen(false);
    answer(false);
  });
  return (
    <div className={classes.frame} data-guide={isGuideOpen || undefined}>
      <Rail onKeys={() => setKeysOpen(true)} />
      <TopBar onPalette={() => setPaletteOpen(true)} />
      <main className={classes.main}>
        {tabs.length > 1 && <PlaceTabs screens={tabs} />}
        <div
          ref={panel}
          className={classes.content}
          id={PANEL_ID}
          tabIndex={-1}
          {...(tabs.length > 1 ? { role: 'tabpanel', 'aria-labelledby': tabId(screen) } : {})}
        >
          <ScreenBoundary key={screen}>{!isHidden && <Screen />}</ScreenBoundary>
        </div>
      </main>
      {isGuideOpen && (
        <Suspense>
          <Guide onClose={() => setIsGuideOpen(false)} />
        </Suspense>
      )}
      <div className={classes.docks}>
        <AccessLogBar />
        <JobDock />
      </div>
      <Palette
        opened={paletteOpen}
        onClose={() => setPaletteOpen(false)}
        onKeys={() => setKeysOpen(true)}
        onGuide={() => setIsGuideOpen(true)}
      />
      <KeysHelp
        opened={keysOpen}
        onClose={() => setKeysOpen(false)}
        onGuide={() => {
          setKeysOpen(false);
          setIsGuideOpen(true);
        }}
      />
      <LeaveDialog />
    </div>
  );
}
