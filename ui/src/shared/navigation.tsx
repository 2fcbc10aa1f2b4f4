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

/**
 * The names of all places, screens and sections. `app/places.ts` adds them, because it imports the features and can't be
 * imported here.
 */
// biome-ignore lint/suspicious/noEmptyInterface: another module extends it by declaration merging.
export interface Places {}
// biome-ignore lint/suspicious/noEmptyInterface: another module extends it by declaration merging.
export interface Screens {}
// biome-ignore lint/suspicious/noEmptyInterface: another module extends it by declaration merging.
export interface Sections {}

/** A place has its own button in the rail. */
export type Place = keyof Places;
/** A screen is a place's content, or one of its tabs. */
export type Screen = keyof Screens;
/** A section is a part of a screen with settings. */
export type Section = keyof Sections;

/** Where everything is in the program. */
export interface ProgramMap {
  placeOf(screen: Screen): Place;
  screenOfSection(section: Section): Screen;
}

/** What the desk can be asked to do for the customer in hand, or for nobody yet. */
export type DeskAct =
  | 'check-in'
  | 'check-out'
  | 'pay'
  | 'impose'
  | 'deduct'
  | 'edit'
  | 'register'
  | 'walk-in';

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
  /** The place of the screen that is shown. */
  place: Place;
  /** The screen that each place showed last, while the program runs. */
  lastScreens: Partial<Record<Place, Screen>>;
  /** Opens the screen with a section, at that section. */
  goToSection(section: Section): void;
  /** The section to scroll to; null for the top. */
  section: Section | null;
  /** Opens the desk and does something there. */
  askDesk(act: DeskAct): void;
  /** What the desk was asked to do; null once it has taken it. */
  deskAct: DeskAct | null;
  takeDeskAct(): void;
  /** True while the user is asked whether to leave a screen with settings that aren't saved. */
  isAsking: boolean;
  /** Answers that question. */
  answer(isLeaving: boolean): void;
}

const NavigationContext = createContext<Navigation | null>(null);

interface NavigationState {
  screen: Screen;
  section: Section | null;
  deskAct: DeskAct | null;
  reviewOf: string | null;
  customerId: string | null;
  lastScreens: Partial<Record<Place, Screen>>;
}

type Target = Partial<NavigationState> & { screen: Screen };

const targetOf = (screen: Screen, customerId: string | null | undefined): Target =>
  customerId === undefined ? { screen } : { screen, customerId };

export function NavigationProvider({
  map,
  initial,
  children,
}: {
  map: ProgramMap;
  initial?: Partial<NavigationState>;
  children: ReactNode;
}) {
  const [state, setState] = useState<NavigationState>({
    screen: 'desk',
    customerId: null,
    section: null,
    deskAct: null,
    reviewOf: null,
    lastScreens: {},
    ...initial,
  });
  const [asked, setAsked] = useState<Target | null>(null);
  const screen = useRef(state.screen);
  useEffect(() => {
    screen.current = state.screen;
  }, [state.screen]);
  const open = useCallback(
    (target: Target) => {
      setState((now) => ({
        ...now,
        section: null,
        deskAct: null,
        reviewOf: null,
        lastScreens: { ...now.lastScreens, [map.placeOf(target.screen)]: target.screen },
        ...target,
      }));
    },
    [map],
  );
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
  const goToSection = useCallback<Navigation['goToSection']>(
    (section) => openOrAsk({ screen: map.screenOfSection(section), section }),
    [openOrAsk, map],
  );
  const askDesk = useCallback<Navigation['askDesk']>(
    (deskAct) => openOrAsk({ screen: 'desk', deskAct }),
    [openOrAsk],
  );
  const takeDeskAct = useCallback(() => setState((now) => ({ ...now, deskAct: null })), []);
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
      place: map.placeOf(state.screen),
      go,
      leave,
      selectCustomer,
      goToReview,
      goToSection,
      askDesk,
      takeDeskAct,
      isAsking: asked !== null,
      answer,
    }),
    [state, map, go, leave, selectCustomer, goToReview, goToSection, askDesk, takeDeskAct, asked, answer],
  );
  return <NavigationContext value={value}>{children}</NavigationContext>;
}

export function useNavigation(): Navigation {
  const navigation = useContext(NavigationContext);
  if (!navigation) throw new Error('useNavigation outside of NavigationProvider');
  return navigation;
}
