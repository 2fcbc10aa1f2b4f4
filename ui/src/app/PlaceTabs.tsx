import { type KeyboardEvent, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { type Screen, useNavigation } from '../shared/navigation';
import classes from './app.module.css';

/** The id of the panel that the tabs switch. */
export const PANEL_ID = 'place-panel';
export const tabId = (screen: Screen) => `place-tab-${screen}`;

/** The tabs of a place. Arrows move along them and Enter opens; Ctrl Tab opens the next one from anywhere. */
export function PlaceTabs({ screens }: { screens: readonly Screen[] }) {
  const { t } = useTranslation('app');
  const { screen: current, place, go } = useNavigation();
  const list = useRef<HTMLDivElement>(null);
  const onKeyDown = (event: KeyboardEvent) => {
    const position = screens.findIndex((screen) => tabId(screen) === document.activeElement?.id);
    const last = screens.length - 1;
    const next = {
      ArrowRight: position === last ? 0 : position + 1,
      ArrowLeft: position === 0 ? last : position - 1,
      Home: 0,
      End: last,
    }[event.key];
    const target = next === undefined ? undefined : screens[next];
    if (!target || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    // Opened by Enter, because a screen may put the cursor into a field of its own.
    list.current?.querySelector<HTMLElement>(`#${tabId(target)}`)?.focus();
  };
  return (
    <div
      ref={list}
      role="tablist"
      aria-label={t('tabs', { place: t(`place.${place}`) })}
      className={classes.tabs}
      data-testid="place-tabs"
      onKeyDown={onKeyDown}
    >
      {screens.map((screen) => (
        <button
          key={screen}
          type="button"
          role="tab"
          id={tabId(screen)}
          className={classes.tab}
          aria-selected={screen === current}
          aria-controls={PANEL_ID}
          tabIndex={screen === current ? 0 : -1}
          data-testid={`tab-${screen}`}
          onClick={() => go(screen)}
        >
          {t(`screen.${screen}`)}
        </button>
      ))}
    </div>
  );
}
