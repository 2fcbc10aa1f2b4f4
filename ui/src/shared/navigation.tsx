import { createContext, type ReactNode, useCallback, useContext, useMemo, useState } from 'react';

/** Filled by `app/screens.ts`, which imports the features and so can't be imported from here. */
// biome-ignore lint/suspicious/noEmptyInterface: an interface is what another module can add to.
export interface Screens {}

export type Screen = keyof Screens;

export type SettingsSection = 'connection' | 'pairing' | 'tracing';

export interface Navigation {
  screen: Screen;
  /** The customer in hand; kept from screen to screen. */
  customerId: string | null;
  /** Goes to a screen; the customer in hand stays unless another is named. */
  go(screen: Screen, customerId?: string | null): void;
  /** Takes another customer in hand (or none) without leaving the screen. */
  hold(customerId: string | null): void;
  /** Goes to a section of the settings. */
  goToSettings(section: SettingsSection): void;
  /** The section that was asked for; null shows the settings from their top. */
  section: SettingsSection | null;
}

const NavigationContext = createContext<Navigation | null>(null);

interface Place {
  screen: Screen;
  section: SettingsSection | null;
  customerId: string | null;
}

export function NavigationProvider({ initial, children }: { initial?: Partial<Place>; children: ReactNode }) {
  const [place, setPlace] = useState<Place>({
    screen: 'desk',
    customerId: null,
    section: null,
    ...initial,
  });
  const go = useCallback<Navigation['go']>((screen, customerId) => {
    setPlace((now) => ({
      screen,
      section: null,
      customerId: customerId === undefined ? now.customerId : customerId,
    }));
  }, []);
  const hold = useCallback<Navigation['hold']>((customerId) => {
    setPlace((now) => (now.customerId === customerId ? now : { ...now, customerId }));
  }, []);
  const goToSettings = useCallback<Navigation['goToSettings']>((section) => {
    setPlace((now) => ({ ...now, screen: 'settings', section }));
  }, []);
  const value = useMemo(() => ({ ...place, go, hold, goToSettings }), [place, go, hold, goToSettings]);
  return <NavigationContext value={value}>{children}</NavigationContext>;
}

export function useNavigation(): Navigation {
  const navigation = useContext(NavigationContext);
  if (!navigation) throw new Error('useNavigation outside of NavigationProvider');
  return navigation;
}
