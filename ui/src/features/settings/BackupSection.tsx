import { Button, Modal, Stack } from '@mantine/core';
import { ArchiveRestore, HardDriveDownload } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useBackend } from '../../backend';
import { formatNumber } from '../../shared/format';
import { Confirm, ErrorNotice, JobBar, PassphraseField, ShowFolder } from '../../shared/parts';
import { useSessionState } from '../../shared/session';
import { useWatchedJob, type WatchedJob } from '../../shared/useWatchedJob';
import { BackupPlace } from './BackupPlace';
import { BackupSchedule } from './BackupSchedule';
import { DoneNotice, SectionHead } from './Section';
import classes from './Settings.module.css';

/** Time and place of the last backup, and buttons to back up and restore. */
export function BackupSection() {
  const { t } = useTranslation('settings');
  const backend = useBackend();
  const { session, restart, adopt } = useSessionState();
  const [isConfirming, setIsConfirming] = useState(false);
  const [passphrase, setPassphrase] = useState('');
  const [wasLocked, setWasLocked] = useState(false);
  const [opening, setOpening] = useState('');
  const backup = useWatchedJob(restart);
  const restore = useWatchedJob(async () => adopt(await backend.start()));
  const isBusy = backup.isRunning || backup.isAsking || restore.isRunning || restore.isAsking;
  const backUp = () => {
    setWasLocked(passphrase !== '');
    void backup.begin(() => backend.backUp(passphrase === '' ? null : passphrase));
  };
  const { lastBackup } = session;
  const failures = [backup.error, restore.error].filter((error) => error && error.code !== 'cancelled');
  return (
    <>
      <SectionHead title={t('backup.title')}>
        {session.demonstration ? t('backup.demonstration') : t('backup.nowHint')}
      </SectionHead>
      <dl className={classes.facts}>
        <div>
          <dt>{t('backup.last')}</dt>
          <dd data-testid="settings-backup-last" data-selectable>
            {lastBackup ? (
              <BackupPlace backup={lastBackup} />
            ) : (
              <span className={classes.warn}>{session.demonstration ? '–' : t('backup.never')}</span>
            )}
          </dd>
        </div>
      </dl>
      {!session.demonstration && (
        <PassphraseField purpose="make" value={passphrase} onChange={setPassphrase} />
      )}
      <div className={classes.actions}>
        <Button
          size="md"
          variant="default"
          loading={backup.isAsking}
          disabled={isBusy && !backup.isAsking}
          leftSection={<HardDriveDownload size={16} strokeWidth={1.75} />}
          data-testid="settings-backup"
          onClick={backUp}
        >
          {t('backup.now')}
        </Button>
        <Button
          size="md"
          variant="default"
          loading={restore.isAsking}
          disabled={isBusy && !restore.isAsking}
          leftSection={<ArchiveRestore size={16} strokeWidth={1.75} />}
          data-testid="settings-restore"
          onClick={() => setIsConfirming(true)}
        >
          {t('backup.restore')}
        </Button>
        {lastBackup && <ShowFolder folder={{ folder: 'backup' }} size="md" label={t('backup.show')} />}
      </div>
      {backup.job?.state === 'done' && (
        <DoneNotice>
          {t('backup.done', { path: backup.job.path ?? '' })}{' '}
          {t(wasLocked ? 'backup.locked' : 'backup.inClear')}
        </DoneNotice>
      )}
      {failures.map((error) => error && <ErrorNotice key={error.code} error={error} />)}
      {!session.demonstration && <BackupSchedule />}
      {isConfirming && (
        <Confirm
          title={t('backup.restoreTitle')}
          keep={t('cancel')}
          confirm={t('backup.restoreConfirm')}
          isDangerous
          between={
            <Button
              size="md"
              variant="default"
              onClick={() => {
                setIsConfirming(false);
                backUp();
              }}
            >
              {t('backup.backFirst')}
            </Button>
          }
          testId="settings-restore-confirm"
          onConfirm={() => {
            setIsConfirming(false);
            void restore.begin(() => backend.restore(opening === '' ? null : opening));
          }}
          onClose={() => setIsConfirming(false)}
        >
          <ul className={classes.points}>
            <li>{t('backup.restoreExplain')}</li>
            <li>{t('backup.restoreLost')}</li>
            <li>{t('backup.restoreNew')}</li>
            <li>{t('backup.restoreChecked')}</li>
            <li>{t('backup.restoreKept')}</li>
          </ul>
          <PassphraseField purpose="restore" value={opening} onChange={setOpening} />
        </Confirm>
      )}
      {restore.isRunning && <RestoreProgress restore={restore} />}
    </>
  );
}

/** A modal dialog shown during a restore, so that nothing can be recorded meanwhile. */
function RestoreProgress({ restore }: { restore: WatchedJob }) {
  const { t: common } = useTranslation('common');
  const { t: app } = useTranslation('app');
  const { job } = restore;
  return (
    <Modal
      opened
      onClose={() => {}}
      withCloseButton={false}
      closeOnEscape={false}
      closeOnClickOutside={false}
      size={480}
      title={app('job.restore')}
    >
      <Stack gap={16} data-testid="settings-restoring">
        <JobBar job={job} label={app('job.restore')} />
        <div className={classes.dialogActions}>
          <span className={classes.space}>
            {job?.total
              ? app('job.progress', { total: formatNumber(job.total), done: formatNumber(job.done) })
              : ''}
          </span>
          <Button size="md" variant="default" onClick={restore.cancel}>
            {common('cancel')}
          </Button>
        </div>
      </Stack>
    </Modal>
  );
}
