import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Role } from '../../backend';
import { useMypageEngine } from '../../shared/data/mypageEngine';
import { useConnection } from '../../shared/data/sync';
import { useNavigation } from '../../shared/navigation';
import { useMayAct } from '../../shared/roles';
import { useSessionState } from '../../shared/session';
import { AboutSection } from './AboutSection';
import { AreasSection } from './AreasSection';
import { BackupSection } from './BackupSection';
import { ConnectionSection } from './ConnectionSection';
import { DemonstrationBar } from './DemonstrationBar';
import { DisplaySection } from './DisplaySection';
import { FacilitySection } from './FacilitySection';
import { GatewaySection } from './GatewaySection';
import { MypageSection } from './MypageSection';
import { PairingSection } from './PairingSection';
import { LockSection } from './people/LockSection';
import { OwnPinSection } from './people/OwnPinSection';
import { PeopleSection } from './people/PeopleSection';
import { PermissionsSection } from './people/PermissionsSection';
import { TokensSection } from './people/TokensSection';
import { RulesSection } from './RulesSection';
import { AccessLogSection } from './records/AccessLogSection';
import { KeepingSection } from './records/KeepingSection';
import { WhoDidSection } from './records/WhoDidSection';
import { ScannerSection } from './ScannerSection';
import classes from './Settings.module.css';
import { TracingSection } from './TracingSection';

/** The sections with the lowest role that each is for, in the order of the page. */
const TABLE = {
  facility: { Body: FacilitySection, role: 'manager' },
  areas: { Body: AreasSection, role: 'manager' },
  people: { Body: PeopleSection, role: 'manager' },
  permissions: { Body: PermissionsSection, role: 'staff' },
  ownPin: { Body: OwnPinSection, role: 'staff' },
  lock: { Body: LockSection, role: 'staff' },
  whoDid: { Body: WhoDidSection, role: 'manager' },
  accessLog: { Body: AccessLogSection, role: 'manager' },
  keeping: { Body: KeepingSection, role: 'manager' },
  display: { Body: DisplaySection, role: 'staff' },
  scanner: { Body: ScannerSection, role: 'staff' },
  connection: { Body: ConnectionSection, role: 'manager' },
  pairing: { Body: PairingSection, role: 'manager' },
  mypage: { Body: MypageSection, role: 'manager' },
  gateway: { Body: GatewaySection, role: 'manager' },
  tokens: { Body: TokensSection, role: 'manager' },
  tracing: { Body: TracingSection, role: 'manager' },
  backup: { Body: BackupSection, role: 'manager' },
  rules: { Body: RulesSection, role: 'staff' },
  about: { Body: AboutSection, role: 'staff' },
} as const satisfies Record<string, { Body: () => React.ReactNode; role: Role }>;
type SectionName = keyof typeof TABLE;
const SECTIONS = Object.keys(TABLE) as SectionName[];
/** Sections whose lists need the width. */
const WIDE: ReadonlySet<SectionName> = new Set(['permissions', 'whoDid', 'accessLog']);

const elementOf = (name: SectionName) => document.getElementById(`settings-${name}`);

const scrollTo = (name: SectionName) => {
  const section = elementOf(name);
  section?.scrollIntoView({ block: 'start' });
  section?.querySelector<HTMLElement>('input, button')?.focus({ preventScroll: true });
};

/** A section is the current one from this distance below the top of the page on. */
const HEAD_ROOM_PX = 80;

/** The section in sight: the chosen one while its heading is in sight, otherwise the uppermost. */
function useCurrentSection(sections: readonly SectionName[]) {
  const uppermost = sections[0] ?? 'about';
  const [current, setCurrent] = useState<SectionName>(uppermost);
  const chosen = useRef<SectionName | null>(null);
  const onScroll = ({ currentTarget }: React.UIEvent<HTMLElement>) => {
    const { top, bottom } = currentTarget.getBoundingClientRect();
    const topOf = (name: SectionName) => (elementOf(name)?.getBoundingClientRect().top ?? 0) - top;
    const pinned = chosen.current;
    if (pinned && topOf(pinned) >= -1 && topOf(pinned) < bottom - top) return;
    chosen.current = null;
    setCurrent(sections.findLast((name) => topOf(name) <= HEAD_ROOM_PX) ?? uppermost);
  };
  const choose = (name: SectionName) => {
    chosen.current = name;
    setCurrent(name);
  };
  return { current: sections.includes(current) ? current : uppermost, choose, onScroll };
}

/** The settings screen (설정): all sections on one page. */
export function SettingsScreen() {
  const { t } = useTranslation('settings');
  const { session, restart } = useSessionState();
  const { section } = useNavigation();
  // Scroll to the section only after these queries, because their sections grow when they are loaded.
  const isManager = useMayAct()('manager');
  const isPending = [useConnection(isManager).isLoading, useMypageEngine(isManager).isLoading].includes(true);
  useEffect(() => {
    if (section && !isPending) scrollTo(section);
  }, [section, isPending]);
  const mayAct = useMayAct();
  const sections = SECTIONS.filter((name) => mayAct(TABLE[name].role));
  const { current, choose, onScroll } = useCurrentSection(sections);
  // Reload the session, because a backup may have ended while another screen was open.
  useEffect(() => void restart(), [restart]);
  return (
    <div className={classes.screen} data-testid="settings-screen">
      {session.demonstration && <DemonstrationBar />}
      <div className={classes.columns}>
        <nav className={classes.nav} aria-label={t('nav.label')}>
          <h1>{t('title')}</h1>
          {sections.map((name) => (
            <button
              key={name}
              type="button"
              data-testid={`settings-nav-${name}`}
              aria-current={current === name || undefined}
              onClick={() => {
                choose(name);
                scrollTo(name);
              }}
            >
              {t(`nav.${name}`)}
            </button>
          ))}
        </nav>
        <div className={classes.sheet} data-testid="settings-sheet" onScroll={onScroll}>
          {sections.map((name) => {
            const { Body } = TABLE[name];
            return (
              <section
                key={name}
                id={`settings-${name}`}
                className={classes.section}
                data-wide={WIDE.has(name) || undefined}
              >
                <Body />
              </section>
            );
          })}
        </div>
      </div>
    </div>
  );
}
