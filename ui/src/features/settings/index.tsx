import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useMypageEngine } from '../../shared/data/mypageEngine';
import { useConnection } from '../../shared/data/sync';
import { useNavigation } from '../../shared/navigation';
import { useMayAct } from '../../shared/roles';
import { useSessionState } from '../../shared/session';
import { DemonstrationBar } from './DemonstrationBar';
import classes from './Settings.module.css';
import { type SectionName, sections, sectionsFor } from './sections';

export { type SectionName, sections, sectionsFor } from './sections';

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
function useCurrentSection(names: readonly SectionName[]) {
  const uppermost = names[0] ?? 'about';
  const [current, setCurrent] = useState<SectionName>(uppermost);
  const chosen = useRef<SectionName | null>(null);
  const onScroll = ({ currentTarget }: React.UIEvent<HTMLElement>) => {
    const { top, bottom } = currentTarget.getBoundingClientRect();
    const topOf = (name: SectionName) => (elementOf(name)?.getBoundingClientRect().top ?? 0) - top;
    const pinned = chosen.current;
    if (pinned && topOf(pinned) >= -1 && topOf(pinned) < bottom - top) return;
    chosen.current = null;
    setCurrent(names.findLast((name) => topOf(name) <= HEAD_ROOM_PX) ?? uppermost);
  };
  const choose = (name: SectionName) => {
    chosen.current = name;
    setCurrent(name);
  };
  return { current: names.includes(current) ? current : uppermost, choose, onScroll };
}

/** A screen made of sections, all on one page: the settings (설정), and others that a manager changes. */
export function SectionsScreen() {
  const { t } = useTranslation('settings');
  const { t: app } = useTranslation('app');
  const { session, restart } = useSessionState();
  const { screen, section } = useNavigation();
  // Scroll to the section only after these queries, because their sections grow when they are loaded.
  const needsLoading = useMayAct()('manager') && screen === 'connections';
  const isPending = [useConnection(needsLoading).isLoading, useMypageEngine(needsLoading).isLoading].includes(
    true,
  );
  useEffect(() => {
    if (section && !isPending) scrollTo(section);
  }, [section, isPending]);
  const names = sectionsFor(screen, session.staff.role);
  const { current, choose, onScroll } = useCurrentSection(names);
  // Reload the session, because a backup may have ended while another screen was open.
  useEffect(() => void restart(), [restart]);
  const isAlone = names.length === 1;
  const title = app(`screen.${screen}`);
  return (
    <div className={classes.screen} data-testid={`${screen}-screen`}>
      {session.demonstration && screen === 'settings' && <DemonstrationBar />}
      <div className={classes.columns} data-alone={isAlone || undefined}>
        {isAlone ? (
          <h1 className="visually-hidden">{title}</h1>
        ) : (
          <nav className={classes.nav} aria-label={t('nav.label', { screen: title })}>
            <h1>{title}</h1>
            {names.map((name) => (
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
        )}
        <div
          className={classes.sheet}
          data-testid="settings-sheet"
          data-home
          tabIndex={-1}
          onScroll={onScroll}
        >
          {names.map((name) => {
            const { Body } = sections[name];
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
