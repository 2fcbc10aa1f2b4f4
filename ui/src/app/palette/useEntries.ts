import type { i18n as I18n, TFunction } from 'i18next';
import {
  BookOpen,
  Coins,
  Keyboard,
  Languages,
  Lock,
  LogIn,
  LogOut,
  type LucideIcon,
  Moon,
  Pencil,
  Settings2,
  ShieldAlert,
  ShieldMinus,
  UserRoundPlus,
  UserRoundX,
} from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { CustomerCard, Preferences } from '../../backend';
import { type DeskAct, type Screen, useNavigation } from '../../shared/navigation';
import { useSessionState } from '../../shared/session';
import { useWords } from '../../shared/words';
import { places, screenOf, screensFor, sectionsOf } from '../places';

export type EntryGroup = 'recent' | 'people' | 'actions' | 'screens' | 'sections' | 'commands';

export interface Entry {
  id: string;
  group: EntryGroup;
  Icon: LucideIcon;
  label: string;
  /** Whom or what it is about, beside the label. */
  hint?: string | null;
  /** What a typed text is compared with: the label in both languages. */
  labels: readonly string[];
  run: () => void;
}

/** Acts on the customer in hand, with the text of each. */
const ACTS = {
  'check-in': { text: 'desk:action.checkIn', Icon: LogIn },
  'check-out': { text: 'desk:action.checkOut', Icon: LogOut },
  pay: { text: 'desk:action.pay', Icon: Coins },
  impose: { text: 'desk:action.impose', Icon: ShieldAlert },
  deduct: { text: 'desk:action.deduct', Icon: ShieldMinus },
  edit: { text: 'app:palette.edit', Icon: Pencil },
} as const satisfies Partial<Record<DeskAct, unknown>>;

const NAMESPACES = ['app', 'desk', 'settings'] as const;
type Texts = TFunction<typeof NAMESPACES>;

/** A text in the language of the screens, then in the other one. */
function bothOf(i18n: I18n, text: (t: Texts) => string): [string, ...string[]] {
  const other = i18n.language === 'ko' ? 'en' : 'ko';
  return [text(i18n.getFixedT(i18n.language, NAMESPACES)), text(i18n.getFixedT(other, NAMESPACES))];
}

/** The title of a screen, after that of its place if it is one of several. */
export function titleOf(t: Texts, screen: Screen): string {
  const [own, place] = [t(`app:screen.${screen}`), t(`app:place.${screenOf(screen).place}`)];
  return own === place ? own : `${place} › ${own}`;
}

/** Everything that the palette offers besides people, for the role and the customer in hand. */
export function useEntries(card: CustomerCard | undefined, onKeys: () => void, onGuide: () => void): Entry[] {
  const { i18n } = useTranslation();
  const { go, goToSection, askDesk } = useNavigation();
  const { session, savePreferences, lock } = useSessionState();
  const { nameOf } = useWords();
  const { role } = session.staff;
  const entry = (
    group: EntryGroup,
    id: string,
    Icon: LucideIcon,
    text: (t: Texts) => string,
    run: () => void,
  ): Entry => {
    const labels = bothOf(i18n, text);
    return { group, id, Icon, label: labels[0], labels, run };
  };
  const prefer = (change: Partial<Preferences>) => () =>
    void savePreferences({ ...session.preferences, ...change }).catch(() => {});
  const acts = (Object.keys(ACTS) as (keyof typeof ACTS)[]).map(
    (name): Entry => ({
      ...entry(
        'actions',
        name,
        ACTS[name].Icon,
        (t) => t(ACTS[name].text),
        () => askDesk(name),
      ),
      // The name is only shown: people are found among the people.
      hint: card ? nameOf(card.customer) : null,
    }),
  );
  return [
    ...(card && !card.erased ? acts : []),
    entry(
      'actions',
      'register',
      UserRoundPlus,
      (t) => t('desk:search.register'),
      () => askDesk('register'),
    ),
    entry(
      'actions',
      'walk-in',
      UserRoundX,
      (t) => t('desk:search.walkIn'),
      () => askDesk('walk-in'),
    ),
    ...screensFor(role).map((screen) =>
      entry(
        'screens',
        `screen ${screen}`,
        places[screenOf(screen).place].Icon,
        (t) => titleOf(t, screen),
        () => go(screen),
      ),
    ),
    ...sectionsOf(role).map(({ screen, section }) =>
      entry(
        'sections',
        `section ${section}`,
        Settings2,
        (t) => `${titleOf(t, screen)} › ${t(`settings:nav.${section}`)}`,
        () => goToSection(section),
      ),
    ),
    entry('commands', 'lock', Lock, (t) => t('app:palette.lock'), lock),
    entry('commands', 'keys', Keyboard, (t) => t('app:palette.keys'), onKeys),
    entry('commands', 'guide', BookOpen, (t) => t('app:guide.open'), onGuide),
    ...(['light', 'dark', 'auto'] as const).map((theme) =>
      entry('commands', theme, Moon, (t) => t(`app:palette.theme.${theme}`), prefer({ theme })),
    ),
    entry('commands', 'ko', Languages, () => '한국어', prefer({ language: 'ko' })),
    entry('commands', 'en', Languages, () => 'English', prefer({ language: 'en' })),
  ];
}
