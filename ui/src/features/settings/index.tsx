import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useMypageEngine } from '../../shared/data/mypageEngine';
import { useConnection } from '../../shared/data/sync';
import { useNavigation } from '../../shared/navigation';
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
import { RulesSection } from './RulesSection';
import { ScannerSection } from './ScannerSection';
import classes from './Settings.module.css';
import { TracingSection } from './TracingSection';

const SECTIONS = [
  'facility',
  'areas',
  'display',
  'scanner',
  'connection',
  'pairing',
  'mypage',
  'gateway',
  'tracing',
  'backup',
  'rules',
  'about',
] as const;
type SectionName = (typeof SECTIONS)[number];
const BODIES: Record<SectionName, () => React.ReactNode> = {
  facility: FacilitySection,
  areas: AreasSection,
  display: DisplaySection,
  scanner: ScannerSection,
  connection: ConnectionSection,
  pairing: PairingSection,
  mypage: MypageSection,
  gateway: GatewaySection,
  tracing: TracingSection,
  backup: BackupSection,
  rules: RulesSection,
  about: AboutSection,
};

const elementOf = (name: SectionName) => document.getElementById(`settings-${name}`);

const scrollTo = (name: SectionName) => {
  const section = elementOf(name);
  section?.scrollIntoView({ block: 'start' });
  section?.querySelector<HTMLElement>('input, button')?.focus({ preventScroll: true });
};

/** A section is the current one from this distance below the top of the page on. */
const HEAD_ROOM_PX = 80;

/** The section in sight: the chosen one while its heading is in sight, otherwise the uppermost. */
function useCurrentSection() {
  const [current, setCurrent] = useState<SectionName>('facility');
  const chosen = useRef<SectionName | null>(null);
  const onScroll = ({ currentTarget }: React.UIEvent<HTMLElement>) => {
    const { top, bottom } = currentTarget.getBoundingClientRect();
    const topOf = (name: SectionName) => (elementOf(name)?.getBoundingClientRect().top ?? 0) - top;
    const pinned = chosen.current;
    if (pinned && topOf(pinned) >= -1 && topOf(pinned) < bottom - top) return;
    chosen.current = null;
    setCurrent(SECTIONS.findLast((name) => topOf(name) <= HEAD_ROOM_PX) ?? 'facility');
  };
  const choose = (name: SectionName) => {
    chosen.current = name;
    setCurrent(name);
  };
  return { current, choose, onScroll };
}

/** The settings screen (설정): all sections on one page. */
export function SettingsScreen() {
  const { t } = useTranslation('settings');
  const { session, restart } = useSessionState();
  const { section } = useNavigation();
  // Scroll to the section only after these queries, because their sections grow when they are loaded.
  const isPending = [useConnection().isPending, useMypageEngine().isPending].includes(true);
  useEffect(() => {
    if (section && !isPending) scrollTo(section);
  }, [section, isPending]);
  const { current, choose, onScroll } = useCurrentSection();
  // Reload the session, because a backup may have ended while another screen was open.
  useEffect(() => void restart(), [restart]);
  return (
    <div className={classes.screen} data-testid="settings-screen">
      {session.demonstration && <DemonstrationBar />}
      <div className={classes.columns}>
        <nav className={classes.nav} aria-label={t('nav.label')}>
          <h1>{t('title')}</h1>
          {SECTIONS.map((name) => (
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
          {SECTIONS.map((name) => {
            const Body = BODIES[name];
            return (
              <section key={name} id={`settings-${name}`} className={classes.section}>
                <Body />
              </section>
            );
          })}
        </div>
      </div>
    </div>
  );
}
