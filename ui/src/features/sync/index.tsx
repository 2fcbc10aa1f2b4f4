import { Button, Skeleton } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { SyncView } from '../../backend';
import { useSyncView } from '../../shared/data/sync';
import { useNavigation } from '../../shared/navigation';
import { Delayed, EmptyState, ErrorNotice } from '../../shared/parts';
import { Alarms } from './Alarms';
import { Erasures } from './Erasures';
import { Figures } from './Figures';
import { LastError } from './LastError';
import { Quarantine } from './Quarantine';
import { Strangers } from './Strangers';
import classes from './Sync.module.css';
import { SyncHeader } from './SyncHeader';
import { Terminals } from './Terminals';
import { useSending } from './useSending';

/** The sync screen (동기화): the replication's state, figures, alarms, and all terminals. */
export function SyncScreen() {
  const { data: view, error, refetch } = useSyncView();
  const { t } = useTranslation('sync');
  return (
    <div className={classes.screen} data-testid="sync-screen" data-link={view?.connection.state}>
      <div className={classes.sheet}>
        {!view && <h1 className={classes.title}>{t('title')}</h1>}
        {error && <ErrorNotice error={error} onRetry={() => void refetch()} />}
        {!view && !error && <LoadingSkeleton />}
        {view && (view.connection.state === 'alone' ? <NoCluster /> : <ReplicationState view={view} />)}
      </div>
    </div>
  );
}

function ReplicationState({ view }: { view: SyncView }) {
  const sending = useSending(view);
  return (
    <>
      <SyncHeader view={view} sending={sending} />
      <Figures view={view} sending={sending} />
      <Alarms view={view} />
      <Terminals view={view} />
      <Strangers view={view} />
      <div className={classes.lower}>
        <Quarantine total={view.quarantined} asOf={view.asOf} />
        <div className={classes.side}>
          <LastError view={view} />
          {view.erasures.length > 0 && <Erasures erasures={view.erasures} asOf={view.asOf} />}
        </div>
      </div>
    </>
  );
}

/** Shown if no Kafka cluster is configured, so that the terminal works alone. */
function NoCluster() {
  const { t } = useTranslation('sync');
  const { goToSection } = useNavigation();
  return (
    <>
      <h1 className={classes.title}>{t('title')}</h1>
      <EmptyState
        action={
          <Button size="md" autoFocus data-testid="sync-settings" onClick={() => goToSection('connection')}>
            {t('settings')}
          </Button>
        }
      >
        {t('alone.text')}
        <br />
        {t('alone.saved')}
      </EmptyState>
    </>
  );
}

function LoadingSkeleton() {
  return (
    <Delayed>
      <div data-testid="sync-loading">
        <Skeleton height={16} width="45%" mt={8} mb={16} />
        <Skeleton height={94} radius={8} mb={24} />
        {[1, 2, 3, 4].map((row) => (
          <Skeleton key={row} height={20} my={16} />
        ))}
      </div>
    </Delayed>
  );
}
