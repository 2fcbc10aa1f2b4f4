import {
  createContext,
  type ReactNode,
  useCallback,
  useContext,
  useEffect,
  useMemo,
  useRef,
  useState,
} from 'react';
import { hasUnsaved } from './unsaved';

/** The names of all screens. `app/screens.ts` adds them, because it imports the features and can't be imported here. */
// biome-ignore lint/suspicious/noEmptyInterface: another module extends it by declaration merging.
export interface Screens {}

export type Screen = keyof Screens;

export type SettingsSection = 'rules' | 'connection' | 'pairing' | 'tracing' | 'accessLog';

export interface Navigation {
  screen: Screen;
  /** The selected customer, the same on all screens. */
  customerId: string | null;
  /**
   * Opens a screen. The selected customer stays selected unless `customerId` is given. Asks first if that would lose
   * settings that aren't saved.
   */
  go(screen: Screen, customerId?: string | null): void;
  /** Opens a screen without asking. For callers that have asked. */
  leave(screen: Screen, customerId?: string | null): void;
  /** Selects a customer, or none if null, without leaving the screen. */
  selectCustomer(customerId: string | null): void;
  /** Opens the review inbox with the cases of a customer. */
  goToReview(customerId: string): void;
  /** The customer whose cases the inbox was opened with; null for all. */
  reviewOf: string | null;
  /** Opens the settings at one of their sections. */
  goToSettings(section: SettingsSection): void;
  /** The section of the settings to scroll to; null for the top. */
  section: SettingsSection | null;
  /** True while the user is asked whether to leave a screen with settings that aren't saved. */
  isAsking: boolean;
  /** Answers that question. */
  answer(isLeaving: boolean): void;
}

const NavigationContext = createContext<Navigation | null>(null);

interface NavigationState {
  screen: Screen;
  section: SettingsSection | null;
  reviewOf: string | null;
  customerId: string | null;
}

type Target = Partial<NavigationState> & { screen: Screen };

const targetOf = (screen: Screen, customerId: string | null | undefined): Target =>
  customerId === undefined ? { screen } : { screen, customerId };

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
    reviewOf: null,
    ...initial,
  });
  const [asked, setAsked] = useState<Target | null>(null);
  const screen = useRef(state.screen);
  useEffect(() => {
    screen.current = state.screen;
  }, [state.screen]);
  const open = useCallback((target: Target) => {
    setState((now) => ({ ...now, section: null, reviewOf: null, ...target }));
  }, []);
  const openOrAsk = useCallback(
    (target: Target) => {
      if (target.screen !== screen.current && hasUnsaved()) setAsked(target);
      else open(target);
    },
    [open],
  );
  const go = useCallback<Navigation['go']>(
    (screen, customerId) => openOrAsk(targetOf(screen, customerId)),
    [openOrAsk],
  );
  const leave = useCallback<Navigation['leave']>(
    (screen, customerId) => open(targetOf(screen, customerId)),
    [open],
  );
  const selectCustomer = useCallback<Navigation['selectCustomer']>((customerId) => {
    setState((now) => (now.customerId === customerId ? now : { ...now, customerId }));
  }, []);
  const goToReview = useCallback<Navigation['goToReview']>(
    (reviewOf) => openOrAsk({ screen: 'review', customerId: reviewOf, reviewOf }),
    [openOrAsk],
  );
  const goToSettings = useCallback<Navigation['goToSettings']>(
    (section) => openOrAsk({ screen: 'settings', section }),
    [openOrAsk],
  );
  const answer = useCallback<Navigation['answer']>(
    (isLeaving) => {
      setAsked(null);
      if (isLeaving && asked) open(asked);
    },
    [asked, open],
  );
  const value = useMemo(
    () => ({
      ...state,
      go,
      leave,
      selectCustomer,
      goToReview,
      goToSettings,
      isAsking: asked !== null,
      answer,
    }),
    [state, go, leave, selectCustomer, goToReview, goToSettings, asked, answer],
  );
  return <NavigationContext value={value}>{children}</NavigationContext>;
}

export function useNavigation(): Navigation {
  const navigation = useContext(NavigationContext);
  if (!navigation) throw new Error('useNavigation outside of NavigationProvider');
  return navigation;
}
