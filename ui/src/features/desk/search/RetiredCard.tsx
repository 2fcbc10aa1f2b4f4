import { Button } from '@mantine/core';
import { PowerOff } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { useIsRetiredHere, useSyncChip } from '../../../shared/data/sync';
import { useNavigation } from '../../../shared/navigation';
import { useSession } from '../../../shared/session';
import classes from './search.module.css';

/**
 * Shown while this terminal is retired: work goes on, and a manager can take it back on the sync screen. While offline
 * it is only one line, because the card about that needs the space.
 */
export function RetiredCard() {
  const { t } = useTranslation('desk');
  const { staff } = useSession();
  const { go } = useNavigation();
  const isRetired = useIsRetiredHere();
  const isShort = useSyncChip().data?.state === 'offline';
  return (
    <div className={classes.retiredPlace} role="status">
      {isRetired && (
        <aside
          className={classes.retired}
          title={isShort ? t('retired.text') : ''}
          data-testid="retired-card"
        >
          <p className={classes.retiredTitle}>
            <PowerOff size={16} strokeWidth={1.75} aria-hidden />
            {t('retired.title')}
          </p>
          {!isShort && <p>{t('retired.text')}</p>}
          {!isShort && staff.role === 'manager' && (
            <Button variant="default" fullWidth data-testid="retired-to-sync" onClick={() => go('sync')}>
              {t('retired.toSync')}
            </Button>
          )}
        </aside>
      )}
    </div>
  );
}
