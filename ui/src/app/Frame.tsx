import { useState } from 'react';
import { useChangeFeed } from '../shared/data/queries';
import { useConnectionFeed } from '../shared/data/sync';
import { useHotkeys } from '../shared/hotkeys';
import { useNavigation } from '../shared/navigation';
import classes from './app.module.css';
import { JobDock } from './JobDock';
import { KeysHelp } from './KeysHelp';
import { Palette } from './Palette';
import { Rail } from './Rail';
import { ScreenBoundary } from './ScreenBoundary';
import { screens } from './screens';
import { TopBar } from './TopBar';
import { useZoomKeys } from './useZoomKeys';

/** The window: rail, top bar, current screen and the dock with running jobs. */
export function Frame() {
  const { screen } = useNavigation();
  const [paletteOpen, setPaletteOpen] = useState(false);
  const [keysOpen, setKeysOpen] = useState(false);
  useChangeFeed();
  useConnectionFeed();
  useZoomKeys();
  useHotkeys({
    'Ctrl K': () => setPaletteOpen(true),
    F1: () => setKeysOpen(true),
    '?': ({ target }) => {
      const isWriting = target instanceof HTMLInputElement && target.value !== '';
      if (isWriting || target instanceof HTMLTextAreaElement) return false;
      setKeysOpen(true);
    },
  });
  const { Screen } = screens[screen];
  return (
    <div className={classes.frame}>
      <Rail onKeys={() => setKeysOpen(true)} />
      <TopBar onPalette={() => setPaletteOpen(true)} />
      <main className={classes.content}>
        <ScreenBoundary key={screen}>
          <Screen />
        </ScreenBoundary>
      </main>
      <JobDock />
      <Palette opened={paletteOpen} onClose={() => setPaletteOpen(false)} onKeys={() => setKeysOpen(true)} />
      <KeysHelp opened={keysOpen} onClose={() => setKeysOpen(false)} />
    </div>
  );
}
