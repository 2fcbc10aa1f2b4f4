import { createContext, type ReactNode, useCallback, useContext, useMemo, useState } from 'react';

/** The names of all screens. `app/screens.ts` adds them, because it imports the features and can't be imported here. */
// biome-ignore lint/suspicious/noEmptyInterface: another module extends it by declaration merging.
export interface Screens {}

export type Screen = keyof Screens;

export type SettingsSection = 'connection' | 'pairing' | 'tracing';

export interface Navigation {
  screen: Screen;
  /** The selected customer, the same on all screens. */
  customerId: string | null;
  /** Opens a screen. The selected customer stays selected unless `customerId` is given. */
  go(screen: Screen, customerId?: string | null): void;
  /** Selects a customer, or none if null, without leaving the screen. */
  selectCustomer(customerId: string | null): void;
  /** Opens the settings at one of their sections. */
  goToSettings(section: SettingsSection): void;
  /** The section of the settings to scroll to; null for the top. */
  section: SettingsSection | null;
}

const NavigationContext = createContext<Navigation | null>(null);

interface NavigationState {
  screen: Screen;
  section: SettingsSection | null;
  customerId: string | null;
}

export function NavigationProvider({
  initial,
  children,
}: {
  initial?: Partial<NavigationState>;
  children: ReactNode;
}) {
  const [state, setState] = useState<NavigationState>({
    screen: 'desk',
    customerId: null,
    section: null,
    ...initial,
  });
  const go = useCallback<Navigation['go']>((screen, customerId) => {
    setState((now) => ({
      screen,
      section: null,
      customerId: customerId === undefined ? now.customerId : customerId,
    }));
  }, []);
  const selectCustomer = useCallback<Navigation['selectCustomer']>((customerId) => {
    setState((now) => (now.customerId === customerId ? now : { ...now, customerId }));
  }, []);
  const goToSettings = useCallback<Navigation['goToSettings']>((section) => {
    setState((now) => ({ ...now, screen: 'settings', section }));
  }, []);
  const value = useMemo(
    () => ({ ...state, go, selectCustomer, goToSettings }),
    [state, go, selectCustomer, goToSettings],
  );
  return <NavigationContext value={value}>{children}</NavigationContext>;
}

export function useNavigation(): Navigation {
  const navigation = useContext(NavigationContext);
  if (!navigation) throw new Error('useNavigation outside of NavigationProvider');
  return navigation;
}
