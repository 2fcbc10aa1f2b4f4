import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useChangeFeed } from '../shared/data/queries';
import { useConnectionFeed } from '../shared/data/sync';
import { useTurns } from '../shared/data/useTurns';
import { useHotkeys } from '../shared/hotkeys';
import { useNavigation } from '../shared/navigation';
import { useSay } from '../shared/notes';
import { mayAct } from '../shared/roles';
import { useCloseForScans } from '../shared/scan';
import { useChoiceKeys } from '../shared/scan/choiceKeys';
import { useSession, useSessionState } from '../shared/session';
import { AccessLogBar } from './AccessLogNotices';
import classes from './app.module.css';
import { JobDock } from './JobDock';
import { KeysHelp } from './KeysHelp';
import { LeaveDialog } from './LeaveDialog';
import { Palette } from './Palette';
import { Rail } from './Rail';
import { ScreenBoundary } from './ScreenBoundary';
import { screens } from './screens';
import { TopBar } from './TopBar';
import { useAutoLock } from './useAutoLock';
import { useZoomKeys } from './useZoomKeys';

/** Says at the start that preferences have their defaults: a slow scanner isn't recognised with them. */
function useSayPreferencesLost() {
  const { t } = useTranslation('app');
  const say = useSay();
  const isLost = useSession().preferencesLost.length > 0;
  useEffect(() => {
    if (isLost) say(t('preferencesLost'), 'warn');
  }, [isLost, say, t]);
}

/** The window: rail, top bar, current screen and the dock with running jobs. */
export function Frame() {
  const { screen, answer, leave } = useNavigation();
  const { session, lock } = useSessionState();
  const [paletteOpen, setPaletteOpen] = useState(false);
  const [keysOpen, setKeysOpen] = useState(false);
  useChangeFeed();
  useConnectionFeed();
  useTurns();
  useZoomKeys();
  useSayPreferencesLost();
  useAutoLock(session.preferences.autoLockMinutes, lock);
  useHotkeys({ 'Ctrl L': lock }, { inDialog: true });
  const { Screen, role } = screens[screen];
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
    <div className={classes.frame}>
      <Rail onKeys={() => setKeysOpen(true)} />
      <TopBar onPalette={() => setPaletteOpen(true)} />
      <main className={classes.content}>
        <ScreenBoundary key={screen}>{!isHidden && <Screen />}</ScreenBoundary>
      </main>
      <div className={classes.docks}>
        <AccessLogBar />
        <JobDock />
      </div>
      <Palette opened={paletteOpen} onClose={() => setPaletteOpen(false)} onKeys={() => setKeysOpen(true)} />
      <KeysHelp opened={keysOpen} onClose={() => setKeysOpen(false)} />
      <LeaveDialog />
    </div>
  );
}
