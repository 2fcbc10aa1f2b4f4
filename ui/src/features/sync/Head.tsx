import { Button } from '@mantine/core';
import { RefreshCw, Server } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type AppError, asAppError, type SyncView, useBackend } from '../../backend';
import { useNavigation } from '../../shared/navigation';
import { ErrorNotice } from '../../shared/parts';
import { useWords } from '../../shared/words';
import classes from './Sync.module.css';
import type { Sending } from './useSending';

/** What goes on, in plain words, and the two things that can be done about it. */
export function Head({ view, sending }: { view: SyncView; sending: Sending }) {
  const { t } = useTranslation('sync');
  const { clockOrDay } = useWords();
  const backend = useBackend();
  const { goToSettings } = useNavigation();
  const [isRetrying, setIsRetrying] = useState(false);
  const [isRetried, setIsRetried] = useState(false);
  const [error, setError] = useState<AppError | null>(null);
  const { link, pending, asOf } = view;
  if (link.state === 'alone') return null;

  const retry = async () => {
    if (isRetrying) return;
    setIsRetrying(true);
    setError(null);
    try {
      await backend.retrySync();
      setIsRetried(true);
    } catch (thrown) {
      setError(asAppError(thrown));
    } finally {
      setIsRetrying(false);
    }
  };
  const doing =
    link.state === 'offline'
      ? 'offline'
      : link.reading
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
          <p role="status" data-testid="sync-words" data-doing={doing}>
            {t(`words.${doing}`, { time: clockOrDay(link.since, asOf) })}
            {isRetried && link.state === 'offline' && ` ${t('retried')}`}
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
          onClick={() => goToSettings('connection')}
        >
          {t('settings')}
        </Button>
      </header>
      {error && <ErrorNotice error={error} />}
    </>
  );
}
