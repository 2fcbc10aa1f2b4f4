import { Button } from '@mantine/core';
import { Check, CircleAlert, Clock, FileText } from 'lucide-react';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Job } from '../backend';
import { useClosing } from '../shared/closing';
import { useErrorWords } from '../shared/errors';
import { formatNumber } from '../shared/format';
import { useJobs } from '../shared/jobs';
import { JobBar, ShowFolder } from '../shared/parts';
import { formatCountdown, SECOND_MS } from '../shared/time';
import classes from './app.module.css';

/** The dock at the foot of every screen: shows running and finished jobs, and can cancel running ones. */
export function JobDock() {
  const { jobs } = useJobs();
  if (jobs.length === 0) return null;
  return (
    <footer className={classes.dock} data-testid="job-dock">
      {jobs.map((job) => (
        <DockedJob key={job.jobId} job={job} />
      ))}
    </footer>
  );
}

/** The text key of a finished job. A cancelled import or reclaim has its own text, because its facts stay recorded. */
const endText = (job: Job) => {
  if (job.state !== 'cancelled') return `job.${job.kind}Done` as const;
  if (job.kind === 'import' || job.kind === 'takeBackImport' || job.kind === 'reclaim')
    return `job.${job.kind}Cancelled` as const;
  return 'job.cancelled';
};

function DockedJob({ job }: { job: Job }) {
  const { t } = useTranslation('app');
  const { t: common } = useTranslation('common');
  const { cancel, dismiss } = useJobs();
  const errorWords = useErrorWords();
  const { isWaiting, choose } = useClosing();
  const beganAt = useBeginning(job);
  if (job.state === 'running' && job.waits !== null) {
    return (
      <div className={classes.job} data-testid="job" data-kind={job.kind} data-state={job.state}>
        <Clock size={16} strokeWidth={1.75} aria-hidden />
        <Waiting job={job} seconds={job.waits} />
        <Button variant="default" size="xs" onClick={() => cancel(job.jobId)} data-testid="job-cancel">
          {common('cancel')}
        </Button>
      </div>
    );
  }
  if (job.state === 'running') {
    const share = job.total ? job.done / job.total : null;
    return (
      <div className={classes.job} data-testid="job" data-kind={job.kind} data-state={job.state}>
        <FileText size={16} strokeWidth={1.75} aria-hidden />
        <strong>{t(`job.${job.kind}`)}</strong>
        <JobBar job={job} label={t(`job.${job.kind}`)} className={classes.jobBar} />
        <span className={classes.jobNumbers}>
          {share !== null && <strong>{Math.floor(share * 100)}%</strong>}{' '}
          {job.total
            ? t('job.progress', { total: formatNumber(job.total), done: formatNumber(job.done) })
            : formatNumber(job.done)}
        </span>
        <TimeLeft job={job} beganAt={beganAt} />
        {isWaiting && (
          <>
            <span data-testid="closes-when-done">{t('closing.waiting')}</span>
            <Button variant="default" size="xs" onClick={() => choose('stay')} data-testid="close-stay">
              {t('closing.stay')}
            </Button>
          </>
        )}
        <Button variant="default" size="xs" onClick={() => cancel(job.jobId)} data-testid="job-cancel">
          {common('cancel')}
        </Button>
      </div>
    );
  }
  const failed = job.state === 'failed' && job.error;
  const words = failed ? errorWords(failed) : null;
  return (
    <div className={classes.job} data-testid="job" data-kind={job.kind} data-state={job.state} role="status">
      {words ? <CircleAlert size={16} aria-hidden /> : <Check size={16} aria-hidden />}
      <p className={classes.jobText}>
        {words ? (
          <>
            <strong>{words.title}</strong> {words.advice}
          </>
        ) : (
          <strong>{t(endText(job))}</strong>
        )}
        {job.path !== null && (
          <>
            {' '}
            <span title={job.path} data-selectable>
              {job.path}
            </span>
          </>
        )}
      </p>
      {job.path !== null && <ShowFolder folder={{ folder: 'written', jobId: job.jobId }} />}
      <Button variant="default" size="xs" onClick={() => dismiss(job.jobId)} data-testid="job-put-away">
        {common('putAway')}
      </Button>
    </div>
  );
}

/** Says what a job waits for, and how long. Between the events of the job it counts down by itself. */
function Waiting({ job, seconds }: { job: Job; seconds: number }) {
  const { t } = useTranslation('app');
  const { subjectOf } = useJobs();
  const [left, setLeft] = useState(seconds);
  // biome-ignore lint/correctness/useExhaustiveDependencies: each event of the job sets the time again.
  useEffect(() => {
    const until = Date.now() + seconds * SECOND_MS;
    const tick = () => setLeft(Math.max(0, Math.round((until - Date.now()) / SECOND_MS)));
    tick();
    const timer = setInterval(tick, SECOND_MS);
    return () => clearInterval(timer);
  }, [job]);
  const time = formatCountdown(left);
  return (
    // A timer isn't announced each second.
    <p className={classes.jobText} role="timer" data-testid="job-waits">
      <strong>
        {job.kind === 'reclaim'
          ? t('job.reclaimWaits', { terminal: subjectOf(job.jobId) ?? t('job.thatTerminal'), time })
          : t('job.waits', { time })}
      </strong>
    </p>
  );
}

/** Returns when a job's work began: at its start, or after it had waited. */
function useBeginning(job: Job): number {
  const [beganAt, setBeganAt] = useState(job.startedAt);
  useEffect(() => {
    if (job.waits !== null) setBeganAt(Date.now());
  }, [job]);
  return beganAt;
}

/** Shows a job's remaining time, estimated from its speed so far. Shows nothing in the first second. */
function TimeLeft({ job, beganAt }: { job: Job; beganAt: number }) {
  const { t } = useTranslation('app');
  const spentMs = Date.now() - beganAt;
  if (!job.total || job.done === 0 || spentMs < 1_000) return null;
  const seconds = Math.ceil(((job.total - job.done) * spentMs) / job.done / 1_000);
  return (
    <span className={classes.jobLeft}>
      {seconds < 90
        ? t('job.secondsLeft', { value: seconds })
        : t('job.minutesLeft', { value: Math.ceil(seconds / 60) })}
    </span>
  );
}
