import { Button } from '@mantine/core';
import { CloudOff, RefreshCw } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type AppError, asAppError, useBackend } from '../../../backend';
import { useNow } from '../../../shared/clock';
import { useSyncChip, useSyncView } from '../../../shared/data/sync';
import { formatNumber } from '../../../shared/format';
import { ErrorNotice } from '../../../shared/parts';
import { useWords } from '../../../shared/words';
import classes from './search.module.css';

/** Says that work goes on as usual; offline is a normal day. */
export function OfflineCard() {
  const { data: chip } = useSyncChip();
  return chip?.state === 'offline' ? <Card since={chip.since} pending={chip.pending} /> : null;
}

function Card({ since, pending }: { since: number; pending: number }) {
  const { t } = useTranslation('desk');
  const { t: common } = useTranslation('common');
  const { clockOrDay } = useWords();
  const now = useNow();
  const { data: view } = useSyncView();
  const { isRetrying, error, retry } = useRetry();
  const oldest = view?.oldest;
  return (
    <aside className={classes.offline} data-testid="offline-card">
      <p className={classes.offlineTitle}>
        <CloudOff size={16} strokeWidth={1.75} aria-hidden />
        {t('offline.title', { time: clockOrDay(since, now) })}
      </p>
      <p>{t('offline.text')}</p>
      <dl className={classes.offlinePending}>
        <div>
          <dt>{t('offline.pending')}</dt>
          <dd>{t('offline.pendingCount', { value: formatNumber(pending) })}</dd>
        </div>
        {oldest && (
          <div data-testid="offline-oldest">
            <dt>{t('offline.oldest')}</dt>
            <dd>
              {clockOrDay(oldest.at, now)} {common(`recordKind.${oldest.kind}`)}
            </dd>
          </div>
        )}
      </dl>
      <Button
        variant="default"
        fullWidth
        loading={isRetrying}
        leftSection={<RefreshCw size={16} strokeWidth={1.75} />}
        data-testid="offline-retry"
        onClick={retry}
      >
        {t('offline.retry')}
      </Button>
      {error && <ErrorNotice error={error} />}
    </aside>
  );
}

/** Long enough to be seen: the answer only says that an attempt has begun. */
const SHOWN_MS = 600;

function useRetry() {
  const backend = useBackend();
  const [isRetrying, setIsRetrying] = useState(false);
  const [error, setError] = useState<AppError | null>(null);
  const retry = async () => {
    setIsRetrying(true);
    setError(null);
    try {
      await backend.retrySync();
      await new Promise((resolve) => setTimeout(resolve, SHOWN_MS));
    } catch (thrown) {
      setError(asAppError(thrown));
    } finally {
      setIsRetrying(false);
    }
  };
  return { isRetrying, error, retry: () => void retry() };
}
