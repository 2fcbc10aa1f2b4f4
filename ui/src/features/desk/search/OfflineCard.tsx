import { Button } from '@mantine/core';
import { CloudOff, RefreshCw } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { useBackend } from '../../../backend';
import { useSyncChip, useSyncView } from '../../../shared/data/sync';
import { formatNumber } from '../../../shared/format';
import { ErrorNotice } from '../../../shared/parts';
import { useNow } from '../../../shared/time';
import { useAttempt } from '../../../shared/useAttempt';
import { useWords } from '../../../shared/words';
import classes from './search.module.css';

/**
 * The time for which the button shows a spinner. The call's answer comes too early: it only says that the attempt
 * began.
 */
const SPINNER_MS = 600;

/** Shown while offline: work goes on as usual, and a button tries to connect at once. */
export function OfflineCard() {
  const { data: chip } = useSyncChip();
  return chip?.state === 'offline' ? <OfflineNotice since={chip.since} pending={chip.pending} /> : null;
}

function OfflineNotice({ since, pending }: { since: number; pending: number }) {
  const { t } = useTranslation('desk');
  const { t: common } = useTranslation('common');
  const { clockOrDay } = useWords();
  const now = useNow();
  const { data: view } = useSyncView();
  const backend = useBackend();
  const { isBusy: isRetrying, error, attempt } = useAttempt();
  const retry = () =>
    attempt(async () => {
      await backend.retrySync();
      await new Promise((resolve) => setTimeout(resolve, SPINNER_MS));
    });
  const oldest = view?.oldest;
  return (
    <aside className={classes.offline} title={t('offline.text')} data-testid="offline-card">
      <p className={classes.offlineTitle}>
        <CloudOff size={16} strokeWidth={1.75} aria-hidden />
        {t('offline.title', { time: clockOrDay(since, now) })}
      </p>
      <p className={classes.offlineText}>{t('offline.text')}</p>
      <dl className={classes.offlinePending}>
        <div>
          <dt>{t('offline.pending')}</dt>
          <dd>{t('offline.pendingCount', { value: formatNumber(pending) })}</dd>
        </div>
        {oldest && (
          <div data-testid="offline-oldest">
            <dt>{t('offline.oldest')}</dt>
            <dd>
              {clockOrDay(oldest.at, now)} {common(`factKind.${oldest.kind}`)}
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
        onClick={() => void retry()}
      >
        {t('offline.retry')}
      </Button>
      {error && <ErrorNotice error={error} />}
    </aside>
  );
}
