import { useCallback, useEffect, useRef, useState } from 'react';
import { type AppError, asAppError, type Job } from '../backend';
import { useJobs } from './jobs';

export interface WatchedJob {
  /** The current state of the job that this hook has started. */
  job: Job | null;
  /** The error for which the job couldn't start, the job failed, or `onDone` failed. */
  error: AppError | null;
  /** True until the job has started; a file dialog may be open. */
  isAsking: boolean;
  isRunning: boolean;
  begin(ask: () => Promise<Job | null>): Promise<void>;
  cancel(): void;
  clear(): void;
}

/** Starts a job and follows it to its end; `onDone` is called once if it succeeds. */
export function useWatchedJob(onDone: (job: Job) => Promise<void> | void): WatchedJob {
  const { jobs, track, cancel, dismiss } = useJobs();
  const [jobId, setJobId] = useState<string | null>(null);
  const [ended, setEnded] = useState<Job | null>(null);
  const [error, setError] = useState<AppError | null>(null);
  const [isAsking, setIsAsking] = useState(false);
  const follow = useRef(onDone);
  useEffect(() => {
    follow.current = onDone;
  });
  const job = jobs.find((one) => one.jobId === jobId) ?? ended;

  useEffect(() => {
    if (!job || job.jobId !== jobId || job.state === 'running') return;
    setEnded(job);
    setJobId(null);
    // Remove the ended job from the dock, because this hook's screen shows the result. After a successful restore the
    // dock must show it, because the screen is gone.
    if (job.kind !== 'restore' || job.state !== 'done') dismiss(job.jobId);
    if (job.state === 'done') {
      void (async () => follow.current(job))().catch((thrown: unknown) => setError(asAppError(thrown)));
    }
  }, [job, jobId, dismiss]);

  const begin = useCallback(
    async (ask: () => Promise<Job | null>) => {
      setError(null);
      setEnded(null);
      setIsAsking(true);
      try {
        const started = await ask();
        track(started);
        setJobId(started?.jobId ?? null);
      } catch (thrown) {
        setError(asAppError(thrown));
      } finally {
        setIsAsking(false);
      }
    },
    [track],
  );
  const clear = useCallback(() => {
    setEnded(null);
    setError(null);
  }, []);
  return {
    job: job ?? null,
    error: error ?? (job?.state === 'failed' ? job.error : null),
    isAsking,
    isRunning: jobId !== null,
    begin,
    cancel: () => jobId && cancel(jobId),
    clear,
  };
}
