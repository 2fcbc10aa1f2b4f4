import {
  ChartColumn,
  Inbox,
  type LucideIcon,
  MapPinned,
  Monitor,
  Server,
  Settings,
  SlidersHorizontal,
  UsersRound,
} from 'lucide-react';
import type { ReactNode } from 'react';
import type { Role } from '../backend';
import { CustomersScreen } from '../features/customers';
import { DayScreen } from '../features/day';
import { DeskScreen } from '../features/desk';
import { LateScreen } from '../features/late';
import { MypageScreen, WhyScreen } from '../features/mypage';
import { PlanScreen } from '../features/plan';
import { ReceiptsScreen } from '../features/receipts';
import { PeriodScreen } from '../features/reports';
import { ReviewScreen } from '../features/review';
import { ServicesScreen } from '../features/services';
import { type SectionName, SectionsScreen, sections, sectionsFor } from '../features/settings';
import { SiteScreen } from '../features/site';
import { SyncScreen } from '../features/sync';
import { TracesScreen } from '../features/traces';
import type { Place, ProgramMap, Screen, Section } from '../shared/navigation';
import { mayAct } from '../shared/roles';

/** A screen with the lowest role that it is for. */
interface ScreenEntry {
  Screen: () => ReactNode;
  role: Role;
}

/** Places of one group are together in the rail. */
type Group = 'now' | 'books' | 'running';

/** A place has one button in the rail; its screens are its tabs. */
interface PlaceEntry {
  group: Group;
  Icon: LucideIcon;
  screens: Record<string, ScreenEntry>;
}

/**
 * All places with their screens, in the order of the rail, the tabs, the palette and the help. A place's title is the text
 * `place.<key>`, a screen's `screen.<key>`. Screens made of sections are for everyone who may see one of their sections.
 */
const table = {
  desk: { group: 'now', Icon: Monitor, screens: { desk: { Screen: DeskScreen, role: 'staff' } } },
  site: {
    group: 'now',
    Icon: MapPinned,
    screens: {
      site: { Screen: SiteScreen, role: 'staff' },
      plan: { Screen: PlanScreen, role: 'staff' },
    },
  },
  review: {
    group: 'now',
    Icon: Inbox,
    screens: {
      review: { Screen: ReviewScreen, role: 'supervisor' },
      late: { Screen: LateScreen, role: 'supervisor' },
    },
  },
  customers: {
    group: 'books',
    Icon: UsersRound,
    screens: {
      customers: { Screen: CustomersScreen, role: 'staff' },
      mypage: { Screen: MypageScreen, role: 'staff' },
      why: { Screen: WhyScreen, role: 'staff' },
    },
  },
  reports: {
    group: 'books',
    Icon: ChartColumn,
    screens: {
      day: { Screen: DayScreen, role: 'staff' },
      period: { Screen: PeriodScreen, role: 'supervisor' },
      receipts: { Screen: ReceiptsScreen, role: 'staff' },
    },
  },
  operation: {
    group: 'running',
    Icon: SlidersHorizontal,
    screens: {
      areas: { Screen: SectionsScreen, role: 'manager' },
      rules: { Screen: SectionsScreen, role: 'staff' },
      people: { Screen: SectionsScreen, role: 'staff' },
      privacy: { Screen: SectionsScreen, role: 'manager' },
    },
  },
  system: {
    group: 'running',
    Icon: Server,
    screens: {
      sync: { Screen: SyncScreen, role: 'staff' },
      services: { Screen: ServicesScreen, role: 'staff' },
      traces: { Screen: TracesScreen, role: 'staff' },
      connections: { Screen: SectionsScreen, role: 'manager' },
      backup: { Screen: SectionsScreen, role: 'staff' },
    },
  },
  settings: {
    group: 'running',
    Icon: Settings,
    screens: { settings: { Screen: SectionsScreen, role: 'staff' } },
  },
} as const satisfies Record<string, PlaceEntry>;

type Table = typeof table;
type ScreenName = { [P in keyof Table]: keyof Table[P]['screens'] }[keyof Table];
declare module '../shared/navigation' {
  interface Places extends Record<keyof Table, true> {}
  interface Screens extends Record<ScreenName, true> {}
  interface Sections extends Record<SectionName, true> {}
}

export const places: Record<Place, PlaceEntry> = table;
export const placeNames = Object.keys(table) as Place[];

const screens = new Map(
  placeNames.flatMap((place) =>
    Object.entries(places[place].screens).map(
      ([name, entry]) => [name as Screen, { ...entry, place }] as const,
    ),
  ),
);
export const screenNames = [...screens.keys()];

export function screenOf(name: Screen): ScreenEntry & { place: Place } {
  const entry = screens.get(name);
  if (!entry) throw new Error(`no screen ${name}`);
  return entry;
}

/** Where everything is, for the navigation. */
export const programMap: ProgramMap = {
  placeOf: (screen) => screenOf(screen).place,
  screenOfSection: (section: Section) => sections[section].screen,
};

/** The screens for a role, in the order of the table. */
export const screensFor = (role: Role): Screen[] =>
  screenNames.filter((name) => mayAct(role, screenOf(name).role));

/** The places with a screen for a role, with these screens, in the order of the rail. */
export function placesFor(role: Role): { place: Place; screens: Screen[] }[] {
  const all = screensFor(role);
  return placeNames
    .map((place) => ({ place, screens: all.filter((name) => screenOf(name).place === place) }))
    .filter((one) => one.screens.length > 0);
}

/** The sections for a role with the screens that have them, in the order of the screens. */
export const sectionsOf = (role: Role) =>
  screensFor(role).flatMap((screen) => sectionsFor(screen, role).map((section) => ({ screen, section })));

/** The key that opens a place: its position in the rail. */
export const keyOfPlace = (position: number) => `Alt ${position + 1}`;
