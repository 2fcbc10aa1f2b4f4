import { Tooltip, UnstyledButton } from '@mantine/core';
import { CloudOff, HardDrive, Wifi } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { SyncChip } from '../backend';
import { useSyncChip } from '../shared/data/sync';
import { formatNumber } from '../shared/format';
import { useNavigation } from '../shared/navigation';
import { useNow } from '../shared/time';
import { useWords } from '../shared/words';
import classes from './app.module.css';

const icons = { alone: HardDrive, online: Wifi, offline: CloudOff };

/**
 * The state of replication in the top bar: connected or not, and the number of pending facts. It is never red, because
 * being offline is normal. A click opens the sync screen.
 */
export function SyncStatus() {
  const { t } = useTranslation('app');
  const { clockOrDay } = useWords();
  const { go } = useNavigation();
  const now = useNow();
  const { data: chip } = useSyncChip();
  if (!chip) return null;
  const Icon = icons[chip.state];

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
    if (sync.state === 'offline') return [t('sync.offline', { time: since }), waiting];
    return [
      t('sync.online'),
      `${waiting} · ${sync.reading ? t('sync.reading') : t('sync.since', { time: since })}`,
    ];
  }

  const [first, second] = texts(chip);
  return (
    <Tooltip label={t(chip.state === 'alone' ? 'sync.aloneHint' : 'sync.open')} multiline maw={280}>
      <UnstyledButton
        className={classes.chip}
        data-state={chip.state}
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
