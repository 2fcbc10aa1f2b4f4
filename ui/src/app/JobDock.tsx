import { Button, Progress } from '@mantine/core';
import { Check, CircleAlert, FileText } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { Job } from '../backend';
import { useErrorWords } from '../shared/errors';
import { formatNumber } from '../shared/format';
import { useJobs } from '../shared/jobs';
import classes from './app.module.css';

/** Long work stays in sight at the foot of the window, whatever the screen, and can be cancelled. */
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

/** What a job left when it ended well or was cancelled; an import and a reclaim keep what they had recorded. */
const endOf = (job: Job) => {
  if (job.state !== 'cancelled') return `job.${job.kind}Done` as const;
  if (job.kind === 'import' || job.kind === 'reclaim') return `job.${job.kind}Cancelled` as const;
  return 'job.cancelled';
};

function DockedJob({ job }: { job: Job }) {
  const { t } = useTranslation('app');
  const { t: common } = useTranslation('common');
  const { cancel, putAway } = useJobs();
  const errorWords = useErrorWords();
  if (job.state === 'running') {
    const share = job.total ? job.done / job.total : null;
    return (
      <div className={classes.job} data-testid="job" data-kind={job.kind} data-state={job.state}>
        <FileText size={16} strokeWidth={1.75} aria-hidden />
        <strong>{t(`job.${job.kind}`)}</strong>
        <Progress
          className={classes.jobBar}
          value={(share ?? 1) * 100}
          animated={share === null}
          size={6}
          aria-label={t(`job.${job.kind}`)}
        />
        <span className={classes.jobNumbers}>
          {share !== null && <strong>{Math.floor(share * 100)}%</strong>}{' '}
          {job.total
            ? t('job.progress', { total: formatNumber(job.total), done: formatNumber(job.done) })
            : formatNumber(job.done)}
        </span>
        <TimeLeft job={job} />
        <Button variant="default" size="xs" onClick={() => cancel(job.jobId)} data-testid="job-cancel">
          {common('cancel')}
        </Button>
      </div>
    );
  }
  const failed = job.state === 'failed' && job.error;
  const words = failed ? errorWords(failed) : null;
  const text = words ? `${words.title} ${words.advice}` : t(endOf(job));
  return (
    <div className={classes.job} data-testid="job" data-kind={job.kind} data-state={job.state} role="status">
      {words ? <CircleAlert size={16} aria-hidden /> : <Check size={16} aria-hidden />}
      <strong className="one-line" title={text}>
        {text}
      </strong>
      <span className={`one-line ${classes.jobPath}`} title={job.path ?? ''} data-selectable>
        {job.path}
      </span>
      <Button variant="default" size="xs" onClick={() => putAway(job.jobId)} data-testid="job-put-away">
        {common('putAway')}
      </Button>
    </div>
  );
}

/** Worked out from the speed so far, once there is enough of it to mean something. */
function TimeLeft({ job }: { job: Job }) {
  const { t } = useTranslation('app');
  const spentMs = Date.now() - job.startedAt;
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
