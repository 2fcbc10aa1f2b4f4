import { ActionIcon, Menu } from '@mantine/core';
import {
  Check,
  ClockAlert,
  Ellipsis,
  HandCoins,
  type LucideIcon,
  Minus,
  Power,
  PowerOff,
  Waypoints,
  X,
} from 'lucide-react';
import { useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { SyncView, TerminalView } from '../../backend';
import { formatNumber } from '../../shared/format';
import { Points, Tag } from '../../shared/parts';
import { useSession } from '../../shared/session';
import { MINUTE_MS } from '../../shared/time';
import { useWords } from '../../shared/words';
import classes from './Sync.module.css';

/** A terminal without a heartbeat for this long is shown as silent; heartbeats come every few seconds. */
const SILENT_AFTER_MS = 2 * MINUTE_MS;

interface Props {
  terminal: TerminalView;
  view: SyncView;
  onHub: () => void;
  onRetire: () => void;
  onReclaim: () => void;
}

const isSilent = ({ here, lastHeardAt }: TerminalView, asOf: number) =>
  !here && (lastHeardAt === null || asOf - lastHeardAt >= SILENT_AFTER_MS);

/** Whether another terminal works, so that only points of its earlier incarnations can be reclaimed. */
export const isInUse = (terminal: TerminalView, asOf: number) =>
  !terminal.here && !terminal.retired && !isSilent(terminal, asOf);

export function TerminalRow({ terminal, view, onHub, onRetire, onReclaim }: Props) {
  const { t } = useTranslation('sync');
  const { ago } = useWords();
  const { terminalId, name, here, lastHeardAt, pending, behind, held } = terminal;
  const { asOf } = view;
  const silent = isSilent(terminal, asOf);
  // While this terminal is not connected, the silence of others means nothing.
  const isDisconnected = view.connection.state !== 'online';
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
        <TerminalName terminal={terminal} />
      </th>
      <td
        data-label={t('terminals.heard')}
        data-tone={here || (silent && isDisconnected) ? 'quiet' : silent ? 'warn' : undefined}
      >
        <span>{heard}</span>
        <ClockOff offMs={here ? view.clockOffMs : terminal.clockOffMs} />
      </td>
      <td
        data-label={t('terminals.pending')}
        data-number
        data-tone={pending === null || pending === 0 ? 'quiet' : undefined}
      >
        {count(pending)}
      </td>
      <td
        data-label={t('terminals.behind')}
        data-number
        data-tone={behind === null || behind === 0 ? 'quiet' : undefined}
      >
        {here ? '–' : count(behind)}
      </td>
      <td
        data-label={t('terminals.held')}
        data-number
        data-testid="terminal-held"
        data-tone={held ? undefined : 'quiet'}
      >
        {held === null ? t('terminals.unknown') : held === 0 ? '–' : <Points value={held} />}
      </td>
      <td className={classes.digestCell} data-label={t('terminals.digest')}>
        <DigestMark terminal={terminal} silent={silent} isDisconnected={isDisconnected} />
      </td>
      <td className={classes.menuCell}>
        <TerminalMenu
          terminal={terminal}
          view={view}
          onHub={onHub}
          onRetire={onRetire}
          onReclaim={onReclaim}
        />
      </td>
    </tr>
  );
}

/** A terminal's name. In `단말 2 · 서문 입구` (terminal 2, west entrance) the place after the dot is smaller. */
function TerminalName({ terminal }: { terminal: TerminalView }) {
  const { t } = useTranslation('sync');
  const { name, here, hub, retired, version } = terminal;
  const [first, ...rest] = (name ?? t('terminals.unnamed')).split(' · ');
  const session = useSession();
  const isOtherVersion = version !== null && version !== session.version;
  return (
    <>
      <span className={classes.name}>
        <span className="one-line" title={name ?? undefined} data-named>
          {first}
          {rest.length > 0 && <small>{rest.join(' · ')}</small>}
        </span>
        {here && <Tag tone="accent">{t('terminals.here')}</Tag>}
        {hub && <Tag>{t('terminals.hub')}</Tag>}
      </span>
      {(retired || isOtherVersion) && (
        <span className={classes.second}>
          {retired && (
            <strong className={classes.retired} data-testid="terminal-retired">
              <PowerOff size={12} strokeWidth={2} aria-hidden />
              {t('terminals.retired')}
            </strong>
          )}
          {retired && isOtherVersion && ' · '}
          {isOtherVersion && t('terminals.version', { version })}
        </span>
      )}
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

type DigestState = 'same' | 'different' | 'notYet' | 'cannot' | 'basis';
const marks: Record<Exclude<DigestState, 'basis'>, LucideIcon> = {
  same: Check,
  different: X,
  notYet: Minus,
  cannot: ClockAlert,
};

interface DigestMarkProps {
  terminal: TerminalView;
  silent: boolean;
  isDisconnected: boolean;
}

function DigestMark({ terminal, silent, isDisconnected }: DigestMarkProps) {
  const { t } = useTranslation('sync');
  const { here, digest } = terminal;
  if (here) return <span data-tone="quiet">{t('digest.basis')}</span>;
  const mark = digest === 'notYet' && silent ? 'cannot' : digest;
  const Icon = isDisconnected && mark === 'cannot' ? Minus : marks[mark];
  return (
    <span
      className={classes.mark}
      data-mark={mark}
      data-quiet={isDisconnected || undefined}
      data-testid="terminal-digest"
    >
      <span className={classes.markIcon}>
        <Icon size={14} strokeWidth={2.25} aria-hidden />
      </span>
      {t(`digest.${mark}`)}
    </span>
  );
}

/**
 * Focuses the menu, not an item, so that a key that bounces does nothing. After two animation frames, because it is
 * positioned and visible only then.
 */
const focusWhenVisible = (menu: HTMLDivElement | null) => {
  if (menu) requestAnimationFrame(() => requestAnimationFrame(() => menu.focus()));
};

/** The menu of a terminal's rare actions. Each shows its consequence, or why it is disabled. */
function TerminalMenu({ terminal, view: { connection, asOf }, onHub, onRetire, onReclaim }: Props) {
  const { t } = useTranslation('sync');
  const { staff } = useSession();
  const { name, here, hub, retired, held } = terminal;
  const isManager = staff.role === 'manager';
  const disabledBecause = !isManager
    ? t('reclaim.manager')
    : connection.state !== 'online'
      ? t('reclaim.offline')
      : connection.reading
        ? t('reclaim.reading')
        : isInUse(terminal, asOf) && !held
          ? t('reclaim.alive')
          : held === 0
            ? t('reclaim.none')
            : null;
  const consequence =
    held === null ? t('reclaim.textUncounted') : t('reclaim.text', { points: formatNumber(held) });
  const cannotBeHub = retired && !hub;
  const hubText = !isManager
    ? t('reclaim.manager')
    : t(cannotBeHub ? 'hub.retired' : hub ? 'hub.unsetText' : 'hub.setText');
  const retireText = isManager ? t(retired ? 'retire.undoText' : 'retire.text') : t('reclaim.manager');
  const RetireIcon = retired ? Power : PowerOff;
  const button = useRef<HTMLButtonElement>(null);
  /** Moves the focus to the button first, to which the dialog returns it: the menu's item will be gone. */
  const fromButton = (act: () => void) => () => {
    button.current?.focus();
    act();
  };
  return (
    <Menu
      position="bottom-end"
      width={280}
      shadow="none"
      withinPortal
      trapFocus={false}
      returnFocus
      transitionProps={{ duration: 0 }}
    >
      <Menu.Target>
        <ActionIcon
          ref={button}
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
      <Menu.Dropdown ref={focusWhenVisible} className={classes.menu}>
        <Menu.Item
          leftSection={<Waypoints size={16} strokeWidth={1.75} />}
          disabled={!isManager || cannotBeHub}
          data-testid="terminal-hub"
          onClick={onHub}
        >
          {t(hub ? 'hub.unset' : 'hub.set')}
          <small>{hubText}</small>
        </Menu.Item>
        {(!here || retired) && (
          <Menu.Item
            leftSection={<RetireIcon size={16} strokeWidth={1.75} />}
            disabled={!isManager}
            data-testid="terminal-retire"
            onClick={fromButton(onRetire)}
          >
            {t(retired ? 'retire.undo' : 'retire.action')}
            <small>{retireText}</small>
          </Menu.Item>
        )}
        {(!here || held !== 0) && (
          <Menu.Item
            leftSection={<HandCoins size={16} strokeWidth={1.75} />}
            disabled={disabledBecause !== null}
            data-testid="terminal-reclaim"
            onClick={fromButton(onReclaim)}
          >
            {t('reclaim.action')}
            <small>{disabledBecause ?? consequence}</small>
          </Menu.Item>
        )}
      </Menu.Dropdown>
    </Menu>
  );
}
