import { Button, NativeSelect, SegmentedControl } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { FolderOpen } from 'lucide-react';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import {
  type AppError,
  asAppError,
  type BackupScheduleView,
  type BackupSchedule as Schedule,
  useBackend,
} from '../../backend';
import { ErrorNotice, PassphraseField } from '../../shared/parts';
import { useLanguage } from '../../shared/preferences';
import { useSession, useSessionState } from '../../shared/session';
import { formatMoment } from '../../shared/time';
import { useAttempt } from '../../shared/useAttempt';
import { BackupPlace } from './BackupPlace';
import { OutdatedBackups } from './OutdatedBackups';
import { DoneNotice, LoadedSetting } from './Section';
import classes from './Settings.module.css';

const KEY = ['backupSchedule'] as const;
const HOURS = Array.from({ length: 24 }, (_, hour) => hour);
const KEPT = [3, 7, 14, 30, 90, 365];
/** A backup may be made while the section is shown. */
const REFETCH_MS = 3_000;

/** Whether this terminal backs itself up every day, where, and what became of the last time. */
export function BackupSchedule() {
  const { t } = useTranslation('settings');
  const { staff } = useSession();
  const backend = useBackend();
  const query = useQuery({
    queryKey: KEY,
    queryFn: () => backend.backupSchedule(),
    enabled: staff.role === 'manager',
    refetchInterval: REFETCH_MS,
  });
  return (
    <>
      <h3 className={classes.subhead}>{t('backup.daily.title')}</h3>
      {staff.role !== 'manager' && <p className={classes.quiet}>{t('backup.daily.managerOnly')}</p>}
      {staff.role === 'manager' && (
        <LoadedSetting query={query}>
          {(view) => (
            <>
              <ScheduleForm view={view} />
              <OutdatedBackups outdated={view.outdated} />
            </>
          )}
        </LoadedSetting>
      )}
    </>
  );
}

function ScheduleForm({ view }: { view: BackupScheduleView }) {
  const { t } = useTranslation('settings');
  const backend = useBackend();
  const client = useQueryClient();
  const [error, setError] = useState<AppError | null>(null);
  const [isAsking, setIsAsking] = useState(false);
  const { schedule, folder } = view;
  const { restart } = useSessionState();
  const lastAt = view.last?.at;
  // The session has the time of the last backup of any kind, which is shown above.
  useEffect(() => {
    if (lastAt !== undefined) void restart();
  }, [lastAt, restart]);

  const save = async (work: () => Promise<BackupScheduleView | null>) => {
    setError(null);
    try {
      const saved = await work();
      if (saved) client.setQueryData(KEY, saved);
    } catch (thrown) {
      setError(asAppError(thrown));
    }
  };
  const change = (changed: Partial<Schedule>) =>
    save(() => backend.saveBackupSchedule({ ...schedule, ...changed }));
  const choose = async () => {
    setIsAsking(true);
    await save(() => backend.chooseBackupFolder());
    setIsAsking(false);
  };
  const kept = KEPT.includes(schedule.keep)
    ? KEPT
    : [...KEPT, schedule.keep].sort((one, other) => one - other);
  return (
    <>
      <div className={classes.choice}>
        <span>
          {t('backup.daily.label')}
          <small>{t('backup.daily.hint')}</small>
        </span>
        <SegmentedControl
          aria-label={t('backup.daily.label')}
          value={schedule.enabled ? 'on' : 'off'}
          disabled={isAsking}
          onChange={(value) => {
            if (value === 'off') void change({ enabled: false });
            else if (folder === null) void choose();
            else void change({ enabled: true });
          }}
          data={(['on', 'off'] as const).map((value) => ({
            value,
            label: <span data-testid={`settings-backup-daily-${value}`}>{t(`backup.daily.${value}`)}</span>,
          }))}
        />
      </div>
      {error && <ErrorNotice error={error} />}
      {schedule.enabled && folder !== null && (
        <>
          {view.problem && (
            <div data-testid="settings-backup-problem">
              <ErrorNotice error={view.problem.error} />
            </div>
          )}
          <ScheduleDetails
            view={view}
            folder={folder}
            kept={kept}
            isAsking={isAsking}
            onChange={(changed) => void change(changed)}
            onChoose={() => void choose()}
          />
        </>
      )}
    </>
  );
}

interface DetailsProps {
  view: BackupScheduleView;
  folder: string;
  kept: number[];
  isAsking: boolean;
  onChange: (changed: Partial<Schedule>) => void;
  onChoose: () => void;
}

function ScheduleDetails({ view, folder, kept, isAsking, onChange, onChoose }: DetailsProps) {
  const { t } = useTranslation('settings');
  const language = useLanguage();
  const { schedule, last, nextAt, problem } = view;
  const next =
    nextAt === null || nextAt <= Date.now() ? t('backup.daily.soon') : formatMoment(nextAt, language);
  return (
    <>
      <div className={classes.choice}>
        <span>
          {t('backup.daily.folder')}
          <small className={classes.folder} data-selectable data-testid="settings-backup-folder">
            {folder}
          </small>
        </span>
        <Button
          size="md"
          variant="default"
          loading={isAsking}
          leftSection={<FolderOpen size={16} strokeWidth={1.75} />}
          data-testid="settings-backup-choose"
          onClick={onChoose}
        >
          {t('backup.daily.choose')}
        </Button>
      </div>
      <div className={classes.choice}>
        <span>{t('backup.daily.hour')}</span>
        <NativeSelect
          className={classes.shortSelect}
          aria-label={t('backup.daily.hour')}
          value={String(schedule.hour)}
          data-testid="settings-backup-hour"
          data={HOURS.map((hour) => ({ value: String(hour), label: `${String(hour).padStart(2, '0')}:00` }))}
          onChange={(event) => onChange({ hour: Number(event.currentTarget.value) })}
        />
      </div>
      <div className={classes.choice}>
        <span>
          {t('backup.daily.keep')}
          <small>{t('backup.daily.keepHint')}</small>
        </span>
        <NativeSelect
          className={classes.shortSelect}
          aria-label={t('backup.daily.keep')}
          value={String(schedule.keep)}
          data-testid="settings-backup-keep"
          data={kept.map((keep) => ({
            value: String(keep),
            label: t('backup.daily.count', { count: keep }),
          }))}
          onChange={(event) => onChange({ keep: Number(event.currentTarget.value) })}
        />
      </div>
      <DailyPassphrase />
      <dl className={classes.facts}>
        <div>
          <dt>{t('backup.daily.last')}</dt>
          <dd data-testid="settings-backup-daily-last" data-selectable>
            {last ? <BackupPlace backup={last} /> : '–'}
          </dd>
        </div>
        <div>
          <dt>{t('backup.daily.next')}</dt>
          <dd data-testid="settings-backup-daily-next">
            {problem ? (
              <span className={classes.warn}>
                {t('backup.daily.retry', { since: formatMoment(problem.since, language) })}
              </span>
            ) : (
              next
            )}
          </dd>
        </div>
      </dl>
    </>
  );
}

/** Sets or removes the passphrase of the scheduled backups. The one that is kept is never shown. */
function DailyPassphrase() {
  const { t } = useTranslation('settings');
  const backend = useBackend();
  const { isBusy, error, attempt } = useAttempt();
  const [passphrase, setPassphrase] = useState('');
  const [saved, setSaved] = useState<'locked' | 'inClear' | null>(null);
  const save = () =>
    attempt(async () => {
      await backend.saveBackupPassphrase(passphrase);
      setSaved(passphrase === '' ? 'inClear' : 'locked');
      setPassphrase('');
    });
  return (
    <>
      <PassphraseField
        purpose="daily"
        value={passphrase}
        onChange={(value) => {
          setPassphrase(value);
          setSaved(null);
        }}
      />
      <div className={classes.actions}>
        <Button
          size="md"
          variant="default"
          loading={isBusy}
          data-testid="settings-backup-passphrase-save"
          onClick={() => void save()}
        >
          {t(passphrase === '' ? 'backup.daily.unlock' : 'backup.daily.lock')}
        </Button>
      </div>
      {error && <ErrorNotice error={error} />}
      {saved && (
        <DoneNotice>{t(saved === 'locked' ? 'backup.daily.locked' : 'backup.daily.unlocked')}</DoneNotice>
      )}
    </>
  );
}
