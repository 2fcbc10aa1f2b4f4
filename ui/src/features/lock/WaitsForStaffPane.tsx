import { Loader } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { LockScreen } from '../../backend';
import classes from './Lock.module.css';

/** A terminal that has joined a facility, until the people of the facility have come over the link. */
export function WaitsForStaffPane({ lock }: { lock: LockScreen }) {
  const { t } = useTranslation('lock');
  const isOnline = lock.sync.state === 'online';
  return (
    <div className={classes.own} data-testid="lock-waits-for-staff">
      <h1 className={classes.title}>{t('waits.title')}</h1>
      <p className={classes.intro}>{t('waits.text')}</p>
      <p className={classes.waits} role="status">
        {isOnline && <Loader size={16} color="var(--accent-text)" />}
        <span>{t(isOnline ? 'waits.online' : 'waits.offline')}</span>
      </p>
    </div>
  );
}
