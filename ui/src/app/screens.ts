import {
  CalendarCheck,
  Inbox,
  type LucideIcon,
  Monitor,
  RefreshCw,
  Settings,
  UserRound,
  UsersRound,
  Workflow,
} from 'lucide-react';
import type { ReactNode } from 'react';
import type { Role } from '../backend';
import { CustomersScreen } from '../features/customers';
import { DayScreen } from '../features/day';
import { DeskScreen } from '../features/desk';
import { LateScreen } from '../features/late';
import { MypageScreen } from '../features/mypage';
import { ReviewScreen } from '../features/review';
import { ServicesScreen } from '../features/services';
import { SettingsScreen } from '../features/settings';
import { SyncScreen } from '../features/sync';
import { TracesScreen } from '../features/traces';
import type { Screen } from '../shared/navigation';
import { mayAct } from '../shared/roles';

/** A screen has the lowest role that it is for, and either its own button in the rail, or highlights the button of another screen (`under`). */
type ScreenEntry = { Screen: () => ReactNode; role: Role } & (
  | { Icon: LucideIcon; under?: never }
  | { Icon?: never; under: Screen }
);

/** All screens, in the order of the rail and the palette. A screen's title is the text `rail.<key>`. */
const table = {
  desk: { Screen: DeskScreen, role: 'staff', Icon: Monitor },
  review: { Screen: ReviewScreen, role: 'supervisor', Icon: Inbox },
  late: { Screen: LateScreen, role: 'supervisor', under: 'review' },
  day: { Screen: DayScreen, role: 'staff', Icon: CalendarCheck },
  mypage: { Screen: MypageScreen, role: 'staff', Icon: UserRound },
  customers: { Screen: CustomersScreen, role: 'staff', Icon: UsersRound },
  sync: { Screen: SyncScreen, role: 'staff', Icon: RefreshCw },
  services: { Screen: ServicesScreen, role: 'staff', Icon: Workflow },
  traces: { Screen: TracesScreen, role: 'staff', under: 'services' },
  settings: { Screen: SettingsScreen, role: 'staff', Icon: Settings },
} as const;

type Table = typeof table;
declare module '../shared/navigation' {
  interface Screens extends Table {}
}

// Typed here instead of by `satisfies` at the table, because an entry may name another screen of that table.
export const screens: Record<Screen, ScreenEntry> = table;

export const screenNames = Object.keys(screens) as Screen[];

/** The screens for a role, in the order of the table. */
export const screensFor = (role: Role): Screen[] =>
  screenNames.filter((name) => mayAct(role, screens[name].role));
