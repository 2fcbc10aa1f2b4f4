import { CloudOff } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { useNow } from '../../../shared/clock';
import { useSyncChip } from '../../../shared/data/sync';
import { formatNumber } from '../../../shared/format';
import { useWords } from '../../../shared/words';
import classes from './search.module.css';

/** Says that work goes on as usual; offline is a normal day. */
export function OfflineCard() {
  const { t } = useTranslation('desk');
  const { data: chip } = useSyncChip();
  const { clockOrDay } = useWords();
  const now = useNow();
  if (chip?.state !== 'offline') return null;
  return (
    <aside className={classes.offline} data-testid="offline-card">
      <p className={classes.offlineTitle}>
        <CloudOff size={16} strokeWidth={1.75} aria-hidden />
        {t('offline.title', { time: clockOrDay(chip.since, now) })}
      </p>
      <p>{t('offline.text')}</p>
      <p className={classes.offlinePending}>
        <span>{t('offline.pending')}</span>
        <strong>{t('offline.pendingCount', { value: formatNumber(chip.pending) })}</strong>
      </p>
    </aside>
  );
}
