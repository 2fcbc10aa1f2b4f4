import { type LucideIcon, Monitor, RefreshCw, Settings, UserRound, UsersRound, Workflow } from 'lucide-react';
import type { ReactNode } from 'react';
import { CustomersScreen } from '../features/customers';
import { DeskScreen } from '../features/desk';
import { MypageScreen } from '../features/mypage';
import { ServicesScreen } from '../features/services';
import { SettingsScreen } from '../features/settings';
import { SyncScreen } from '../features/sync';
import { TracesScreen } from '../features/traces';
import type { Screen } from '../shared/navigation';

/** A screen has a button of its own in the rail, or lights the button of the screen it belongs to (`under`). */
type Entry = { Screen: () => ReactNode } & (
  | { Icon: LucideIcon; under?: never }
  | { Icon?: never; under: Screen }
);

/** Every screen, in the order of the rail and the palette; its name is `rail.<key>` in the texts. */
const table = {
  desk: { Screen: DeskScreen, Icon: Monitor },
  mypage: { Screen: MypageScreen, Icon: UserRound },
  customers: { Screen: CustomersScreen, Icon: UsersRound },
  sync: { Screen: SyncScreen, Icon: RefreshCw },
  services: { Screen: ServicesScreen, Icon: Workflow },
  traces: { Screen: TracesScreen, under: 'services' },
  settings: { Screen: SettingsScreen, Icon: Settings },
} as const;

type Table = typeof table;
declare module '../shared/navigation' {
  interface Screens extends Table {}
}

// Checked here and not by `satisfies` at the table, because an entry names another screen of that same table.
export const screens: Record<Screen, Entry> = table;

export const screenNames = Object.keys(screens) as Screen[];
