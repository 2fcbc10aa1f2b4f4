import { createContext, type ReactNode, useCallback, useContext, useMemo, useState } from 'react';

export type Screen = 'desk' | 'mypage' | 'customers' | 'settings';

export interface Navigation {
  screen: Screen;
  /** The customer in hand; kept from screen to screen. */
  customerId: string | null;
  /** Goes to a screen; the customer in hand stays unless another is named. */
  go(screen: Screen, customerId?: string | null): void;
  /** Takes another customer in hand (or none) without leaving the screen. */
  hold(customerId: string | null): void;
}

const NavigationContext = createContext<Navigation | null>(null);

interface Place {
  screen: Screen;
  customerId: string | null;
}

export function NavigationProvider({ initial, children }: { initial?: Partial<Place>; children: ReactNode }) {
  const [place, setPlace] = useState<Place>({ screen: 'desk', customerId: null, ...initial });
  const go = useCallback<Navigation['go']>((screen, customerId) => {
    setPlace((now) => ({ screen, customerId: customerId === undefined ? now.customerId : customerId }));
  }, []);
  const hold = useCallback<Navigation['hold']>((customerId) => {
    setPlace((now) => (now.customerId === customerId ? now : { ...now, customerId }));
  }, []);
  const value = useMemo(() => ({ ...place, go, hold }), [place, go, hold]);
  return <NavigationContext value={value}>{children}</NavigationContext>;
}

export function useNavigation(): Navigation {
  const navigation = useContext(NavigationContext);
  if (!navigation) throw new Error('useNavigation outside of NavigationProvider');
  return navigation;
}
