import { Button } from '@mantine/core';
import { ArchiveRestore } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type AppError, useBackend } from '../backend';
import { asksForPassphrase, ErrorNotice, JobBar, PassphraseField } from '../shared/parts';
import { Diagnostics } from '../shared/parts/Diagnostics';
import { useWatchedJob } from '../shared/useWatchedJob';
import classes from './app.module.css';

interface Props {
  error: AppError;
  version: string;
  onRetry: () => void;
}

/** Shown when the program can't open its data. If the data is corrupt, the user can restore a backup on this screen. */
export function FailedScreen({ error, version, onRetry }: Props) {
  const { t } = useTranslation('app');
  const backend = useBackend();
  const restore = useWatchedJob(onRetry);
  const [passphrase, setPassphrase] = useState('');
  const isBusy = restore.isAsking || restore.isRunning;
  return (
    <main className={classes.failed}>
      <h1 className={classes.failedTitle}>{t('failed.title')}</h1>
      <ErrorNotice error={error} />
      {restore.error && restore.error.code !== 'cancelled' && (
        <div className={classes.failedMore}>
          <ErrorNotice error={restore.error} />
        </div>
      )}
      {asksForPassphrase(restore.error?.code) && (
        <div className={classes.failedMore}>
          <PassphraseField purpose="restore" value={passphrase} onChange={setPassphrase} />
        </div>
      )}
      {restore.isRunning && (
        <JobBar job={restore.job} label={t('job.restore')} className={classes.failedMore} />
      )}
      <div className={classes.failedMore}>
        <Diagnostics />
      </div>
      <div className={classes.failedFoot}>
        <span>{version}</span>
        <span className={classes.failedActions}>
          {error.code === 'storage_corrupt' && (
            <Button
              variant="default"
              leftSection={<ArchiveRestore size={16} strokeWidth={1.75} />}
              loading={isBusy}
              data-testid="failed-restore"
              onClick={() => void restore.begin(() => backend.restore(passphrase === '' ? null : passphrase))}
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
