import { Tooltip, UnstyledButton } from '@mantine/core';
import { CloudOff, HardDrive, PowerOff, Wifi } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { SyncChip } from '../backend';
import { useIsRetiredHere, useSyncChip } from '../shared/data/sync';
import { formatNumber } from '../shared/format';
import { useNavigation } from '../shared/navigation';
import { useNow } from '../shared/time';
import { useWords } from '../shared/words';
import classes from './app.module.css';

const icons = { alone: HardDrive, online: Wifi, offline: CloudOff };

function hintOf(chip: SyncChip, isRetired: boolean) {
  if (chip.state === 'alone') return 'sync.aloneHint';
  if (isRetired) return 'sync.retiredHint';
  return chip.hearsNobody ? 'sync.nobodyHint' : 'sync.open';
}

/**
 * The state of replication in the top bar: whether this terminal is retired, connected or not, and the number of pending
 * facts. It is never red, because being offline is normal. A click opens the sync screen.
 */
export function SyncStatus() {
  const { t } = useTranslation('app');
  const { clockOrDay } = useWords();
  const { go } = useNavigation();
  const now = useNow();
  const { data: chip } = useSyncChip();
  const isRetired = useIsRetiredHere();
  if (!chip) return null;
  const Icon = isRetired ? PowerOff : icons[chip.state];

  function texts(sync: SyncChip): [string, string] {
    if (sync.state === 'alone') {
      const last = sync.lastRecordAt;
      return [
        t('sync.alone'),
        last === null ? t('sync.aloneNone') : t('sync.aloneLast', { time: clockOrDay(last, now) }),
      ];
    }
    const waiting = t('sync.waiting', { value: formatNumber(sync.pending) });
    const since = clockOrDay(sync.since, now);
    if (isRetired) {
      const connection = sync.state === 'offline' ? t('sync.offline', { time: since }) : t('sync.online');
      return [t('sync.retired'), `${connection} · ${waiting}`];
    }
    if (sync.state === 'offline') return [t('sync.offline', { time: since }), waiting];
    const state = sync.reading ? 'sync.reading' : sync.hearsNobody ? 'sync.nobody' : 'sync.since';
    return [t('sync.online'), `${waiting} · ${t(state, { time: since })}`];
  }

  const [first, second] = texts(chip);
  return (
    <Tooltip label={t(hintOf(chip, isRetired))} multiline maw={280}>
      <UnstyledButton
        className={classes.chip}
        data-state={chip.state}
        data-retired={isRetired || undefined}
        data-testid="sync-chip"
        onClick={() => go('sync')}
      >
        <span className={classes.chipWords} role="status">
          <Icon size={16} strokeWidth={1.75} aria-hidden />
          <span>{first}</span>
          <span className={classes.chipRule} aria-hidden />
          <span>{second}</span>
        </span>
      </UnstyledButton>
    </Tooltip>
  );
}
