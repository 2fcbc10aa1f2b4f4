import { useCallback, useEffect, useRef, useState } from 'react';
import { type AppError, asAppError, type Job } from '../backend';
import { useJobs } from './jobs';

export interface WatchedJob {
  /** The long work that was begun here, as it stands. */
  job: Job | null;
  /** Why it couldn't begin, or what the following step refused. */
  error: AppError | null;
  /** Between the key press and the job: a file dialog may be open. */
  isAsking: boolean;
  isRunning: boolean;
  begin(ask: () => Promise<Job | null>): Promise<void>;
  cancel(): void;
  clear(): void;
}

/** Begins a long work and stays with it to its end; `onDone` follows once. */
export function useWatchedJob(onDone: (job: Job) => Promise<void> | void): WatchedJob {
  const { jobs, track, cancel, putAway } = useJobs();
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
    // Told in its place here, so the dock needn't repeat it; a restore leads to another place.
    if (job.kind !== 'restore' || job.state !== 'done') putAway(job.jobId);
    if (job.state === 'done') {
      void (async () => follow.current(job))().catch((thrown: unknown) => setError(asAppError(thrown)));
    }
  }, [job, jobId, putAway]);

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
