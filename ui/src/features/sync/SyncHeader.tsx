import { Button } from '@mantine/core';
import { RefreshCw, Server } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type SyncView, useBackend } from '../../backend';
import { useNavigation } from '../../shared/navigation';
import { ErrorNotice } from '../../shared/parts';
import { useAttempt } from '../../shared/useAttempt';
import { useWords } from '../../shared/words';
import classes from './Sync.module.css';
import type { Sending } from './useSending';

/** A sentence about the state of replication, with buttons to reconnect and to open the connection settings. */
export function SyncHeader({ view, sending }: { view: SyncView; sending: Sending }) {
  const { t } = useTranslation('sync');
  const { clockOrDay } = useWords();
  const backend = useBackend();
  const { goToSection } = useNavigation();
  const { isBusy: isRetrying, error, attempt } = useAttempt();
  const [isRetried, setIsRetried] = useState(false);
  const { connection, pending, asOf } = view;
  if (connection.state === 'alone') return null;

  const retry = () =>
    attempt(async () => {
      await backend.retrySync();
      setIsRetried(true);
    });
  const activity =
    connection.state === 'offline'
      ? 'offline'
      : connection.reading
        ? 'reading'
        : sending.total > 0
          ? 'sending'
          : pending > 0
            ? 'waiting'
            : 'done';
  return (
    <>
      <header className={classes.head}>
        <div className={classes.headText}>
          <h1 className={classes.title}>{t('title')}</h1>
          <p role="status" data-testid="sync-words" data-doing={activity}>
            {t(`words.${activity}`, { time: clockOrDay(connection.since, asOf) })}
            {isRetried && connection.state === 'offline' && ` ${t('retried')}`}
          </p>
        </div>
        <Button
          autoFocus
          variant="default"
          loading={isRetrying}
          leftSection={<RefreshCw size={16} strokeWidth={1.75} />}
          data-testid="sync-retry"
          onClick={() => void retry()}
        >
          {t('retry')}
        </Button>
        <Button
          variant="default"
          leftSection={<Server size={16} strokeWidth={1.75} />}
          data-testid="sync-settings"
          onClick={() => goToSection('connection')}
        >
          {t('settings')}
        </Button>
      </header>
      {error && <ErrorNotice error={error} />}
    </>
  );
}
