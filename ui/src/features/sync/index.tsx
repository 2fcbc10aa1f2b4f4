import { Button, Skeleton } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { SyncView } from '../../backend';
import { useSyncView } from '../../shared/data/sync';
import { useNavigation } from '../../shared/navigation';
import { Delayed, EmptyState, ErrorNotice } from '../../shared/parts';
import { Bands } from './Bands';
import { Erasures } from './Erasures';
import { Figures } from './Figures';
import { Head } from './Head';
import { LastError } from './LastError';
import { Quarantine } from './Quarantine';
import classes from './Sync.module.css';
import { Terminals } from './Terminals';
import { useSending } from './useSending';

/** 동기화: in plain words first, then figures, then what somebody should know, then each terminal. */
export function SyncScreen() {
  const { data: view, error, refetch } = useSyncView();
  return (
    <div className={classes.screen} data-testid="sync-screen" data-link={view?.link.state}>
      <div className={classes.sheet}>
        {error && <ErrorNotice error={error} onRetry={() => void refetch()} />}
        {!view && !error && <Waiting />}
        {view && (view.link.state === 'alone' ? <Alone /> : <Together view={view} />)}
      </div>
    </div>
  );
}

function Together({ view }: { view: SyncView }) {
  const sending = useSending(view);
  return (
    <>
      <Head view={view} sending={sending} />
      <Figures view={view} sending={sending} />
      <Bands view={view} />
      <Terminals view={view} />
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

/** No cluster is configured: a complete program all the same. */
function Alone() {
  const { t } = useTranslation('sync');
  const { goToSettings } = useNavigation();
  return (
    <>
      <h1 className={classes.title}>{t('title')}</h1>
      <EmptyState
        action={
          <Button size="md" autoFocus data-testid="sync-settings" onClick={() => goToSettings('connection')}>
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

function Waiting() {
  return (
    <Delayed>
      <div data-testid="sync-loading">
        <Skeleton height={28} width={120} />
        <Skeleton height={16} width="45%" mt={8} mb={16} />
        <Skeleton height={94} radius={8} mb={24} />
        {[1, 2, 3, 4].map((row) => (
          <Skeleton key={row} height={20} my={16} />
        ))}
      </div>
    </Delayed>
  );
}
