import { Button, Progress } from '@mantine/core';
import { ArchiveRestore } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { type AppError, useBackend } from '../backend';
import { ErrorNotice } from '../shared/parts';
import { useWatchedJob } from '../shared/useWatchedJob';
import classes from './app.module.css';

interface Props {
  error: AppError;
  version: string;
  onRetry: () => void;
}

/** The program could not open its data: nothing else can be shown. Where the data is damaged, a backup is the way on. */
export function FailedScreen({ error, version, onRetry }: Props) {
  const { t } = useTranslation('app');
  const backend = useBackend();
  const restore = useWatchedJob(onRetry);
  const isBusy = restore.isAsking || restore.isRunning;
  const { job } = restore;
  const share = job?.total ? (job.done / job.total) * 100 : null;
  return (
    <main className={classes.failed}>
      <h1 className={classes.failedTitle}>{t('failed.title')}</h1>
      <ErrorNotice error={error} />
      {restore.error && restore.error.code !== 'cancelled' && (
        <div className={classes.failedMore}>
          <ErrorNotice error={restore.error} />
        </div>
      )}
      {restore.isRunning && (
        <Progress
          className={classes.failedMore ?? ''}
          value={share ?? 100}
          animated={share === null}
          size={6}
          aria-label={t('job.restore')}
        />
      )}
      <div className={classes.failedFoot}>
        <span>{version}</span>
        <span className={classes.failedActions}>
          {error.code === 'storage_corrupt' && (
            <Button
              variant="default"
              leftSection={<ArchiveRestore size={16} strokeWidth={1.75} />}
              loading={isBusy}
              data-testid="failed-restore"
              onClick={() => void restore.begin(() => backend.restore())}
            >
              {t('failed.restore')}
            </Button>
          )}
          <Button onClick={onRetry} disabled={isBusy} autoFocus data-testid="failed-retry">
            {t('failed.retry')}
          </Button>
        </span>
      </div>
    </main>
  );
}
