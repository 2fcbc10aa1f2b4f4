import { ActionIcon, Menu } from '@mantine/core';
import { Check, ClockAlert, Ellipsis, HandCoins, type LucideIcon, Minus, Waypoints, X } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { SyncView, TerminalView } from '../../backend';
import { formatNumber } from '../../shared/format';
import { Points, Tag } from '../../shared/parts';
import { useSession } from '../../shared/session';
import { useWords } from '../../shared/words';
import classes from './Sync.module.css';

/** Terminals tell of themselves every few seconds; one that hasn't for so long may be off, or lost. */
const SILENT_MS = 2 * 60_000;

interface Props {
  terminal: TerminalView;
  view: SyncView;
  onHub: () => void;
  onReclaim: () => void;
}

const isSilent = ({ here, lastHeardAt }: TerminalView, asOf: number) =>
  !here && (lastHeardAt === null || asOf - lastHeardAt >= SILENT_MS);

export function TerminalRow({ terminal, view, onHub, onReclaim }: Props) {
  const { t } = useTranslation('sync');
  const { ago } = useWords();
  const { terminalId, name, here, hub, lastHeardAt, pending, behind, held } = terminal;
  const { asOf } = view;
  const silent = isSilent(terminal, asOf);
  // While this terminal hears nobody, nobody's silence means anything.
  const isDeaf = view.link.state !== 'online';
  const count = (value: number | null) =>
    value === null ? t('terminals.unknown') : t('terminals.count', { value: formatNumber(value) });
  const heard = here
    ? t('terminals.itself')
    : lastHeardAt === null
      ? t('terminals.never')
      : ago(lastHeardAt, asOf);
  return (
    <tr
      data-testid="terminal"
      data-terminal={terminalId}
      data-name={name ?? ''}
      data-silent={silent || undefined}
      data-digest={here ? undefined : terminal.digest}
    >
      <th scope="row">
        <Name terminal={terminal} />
      </th>
      <td data-tone={here || (silent && isDeaf) ? 'quiet' : silent ? 'warn' : undefined}>
        <span className="one-line">{heard}</span>
        <ClockOff offMs={here ? view.clockOffMs : terminal.clockOffMs} />
      </td>
      <td data-number data-tone={pending === null || pending === 0 ? 'quiet' : undefined}>
        {count(pending)}
      </td>
      <td data-number data-tone={behind === null || behind === 0 ? 'quiet' : undefined}>
        {here ? '–' : count(behind)}
      </td>
      <td data-number data-testid="terminal-held" data-tone={held ? undefined : 'quiet'}>
        {held === null ? t('terminals.unknown') : held === 0 ? '–' : <Points value={held} />}
      </td>
      <td className={classes.digestCell}>
        <DigestMark terminal={terminal} silent={silent} isDeaf={isDeaf} />
      </td>
      <td>
        <Actions
          terminal={terminal}
          view={view}
          silent={silent}
          isHub={hub}
          onHub={onHub}
          onReclaim={onReclaim}
        />
      </td>
    </tr>
  );
}

/** `단말 2 · 서문 입구`: the number first, the place beside it. */
function Name({ terminal }: { terminal: TerminalView }) {
  const { t } = useTranslation('sync');
  const { name, here, hub, version } = terminal;
  const [first, ...rest] = (name ?? t('terminals.unnamed')).split(' · ');
  const session = useSession();
  const isOtherVersion = version !== null && version !== session.version;
  return (
    <>
      <span className={classes.name}>
        <span className="one-line" title={name ?? undefined}>
          {first}
          {rest.length > 0 && <small>{rest.join(' · ')}</small>}
        </span>
        {here && <Tag tone="accent">{t('terminals.here')}</Tag>}
        {hub && <Tag>{t('terminals.hub')}</Tag>}
      </span>
      {isOtherVersion && <span className={classes.second}>{t('terminals.version', { version })}</span>}
    </>
  );
}

function ClockOff({ offMs }: { offMs: number | null }) {
  const { t } = useTranslation('sync');
  const { duration } = useWords();
  if (offMs === null) return null;
  const amount = duration(0, Math.abs(offMs));
  return (
    <span className={classes.second} data-tone="warn" data-testid="terminal-clock">
      {t(offMs > 0 ? 'terminals.clockAhead' : 'terminals.clockBehind', { amount })}
    </span>
  );
}

type Mark = 'same' | 'different' | 'notYet' | 'cannot' | 'basis';
const marks: Record<Exclude<Mark, 'basis'>, LucideIcon> = {
  same: Check,
  different: X,
  notYet: Minus,
  cannot: ClockAlert,
};

interface DigestMarkProps {
  terminal: TerminalView;
  silent: boolean;
  isDeaf: boolean;
}

function DigestMark({ terminal, silent, isDeaf }: DigestMarkProps) {
  const { t } = useTranslation('sync');
  const { here, digest } = terminal;
  if (here) return <span data-tone="quiet">{t('digest.basis')}</span>;
  const mark = digest === 'notYet' && silent ? 'cannot' : digest;
  const Icon = isDeaf && mark === 'cannot' ? Minus : marks[mark];
  return (
    <span
      className={classes.mark}
      data-mark={mark}
      data-quiet={isDeaf || undefined}
      data-testid="terminal-digest"
    >
      <span className={classes.markIcon}>
        <Icon size={14} strokeWidth={2.25} aria-hidden />
      </span>
      {t(`digest.${mark}`)}
    </span>
  );
}

interface ActionsProps extends Props {
  silent: boolean;
  isHub: boolean;
}

/** Rare things, so they stay out of sight; each says what it does, or why it can't be done. */
function Actions({ terminal, view: { link }, silent, isHub, onHub, onReclaim }: ActionsProps) {
  const { t } = useTranslation('sync');
  const { staff } = useSession();
  const { name, here, held } = terminal;
  const isManager = staff.role === 'manager';
  const whyNot = !isManager
    ? t('reclaim.manager')
    : link.state !== 'online'
      ? t('reclaim.offline')
      : link.reading
        ? t('reclaim.reading')
        : !here && !silent
          ? t('reclaim.alive')
          : held === 0
            ? t('reclaim.none')
            : null;
  const does = held === null ? t('reclaim.textUncounted') : t('reclaim.text', { points: formatNumber(held) });
  const hubText = isManager ? t(isHub ? 'hub.unsetText' : 'hub.setText') : t('reclaim.manager');
  return (
    <Menu position="bottom-end" width={280} shadow="none" withinPortal>
      <Menu.Target>
        <ActionIcon
          variant="subtle"
          color="gray"
          size={32}
          className={classes.more}
          aria-label={`${name ?? t('terminals.unnamed')} ${t('terminals.actions')}`}
          data-testid="terminal-actions"
        >
          <Ellipsis size={18} strokeWidth={1.75} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown className={classes.menu}>
        <Menu.Item
          leftSection={<Waypoints size={16} strokeWidth={1.75} />}
          disabled={!isManager}
          data-testid="terminal-hub"
          onClick={onHub}
        >
          {t(isHub ? 'hub.unset' : 'hub.set')}
          <small>{hubText}</small>
        </Menu.Item>
        {(!here || held !== 0) && (
          <Menu.Item
            leftSection={<HandCoins size={16} strokeWidth={1.75} />}
            disabled={whyNot !== null}
            data-testid="terminal-reclaim"
            onClick={onReclaim}
          >
            {t('reclaim.action')}
            <small>{whyNot ?? does}</small>
          </Menu.Item>
        )}
      </Menu.Dropdown>
    </Menu>
  );
}
