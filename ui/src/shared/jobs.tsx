import { createContext, type ReactNode, useCallback, useContext, useEffect, useMemo, useState } from 'react';
import { type Job, useBackend } from '../backend';

export interface Jobs {
  /** Running ones and those whose end hasn't been put away, oldest first. */
  jobs: Job[];
  /** Shows a job that a command just answered; its events follow. */
  track(job: Job | null): void;
  cancel(jobId: string): void;
  putAway(jobId: string): void;
}

const JobsContext = createContext<Jobs | null>(null);

const merge = (jobs: Job[], job: Job): Job[] => {
  const known = jobs.find(({ jobId }) => jobId === job.jobId);
  if (!known) return [...jobs, job];
  // The answer to the command may arrive after the job's own last event.
  if (known.state !== 'running' && job.state === 'running') return jobs;
  return jobs.map((other) => (other.jobId === job.jobId ? job : other));
};

export function JobsProvider({ children }: { children: ReactNode }) {
  const backend = useBackend();
  const [jobs, setJobs] = useState<Job[]>([]);
  const track = useCallback((job: Job | null) => {
    if (job) setJobs((now) => merge(now, job));
  }, []);
  const cancel = useCallback((jobId: string) => void backend.cancelJob(jobId).catch(() => {}), [backend]);
  const putAway = useCallback((jobId: string) => {
    setJobs((now) => now.filter((job) => job.jobId !== jobId));
  }, []);
  useEffect(() => backend.onJob(track), [backend, track]);
  const value = useMemo(() => ({ jobs, track, cancel, putAway }), [jobs, track, cancel, putAway]);
  return <JobsContext value={value}>{children}</JobsContext>;
}

export function useJobs(): Jobs {
  const jobs = useContext(JobsContext);
  if (!jobs) throw new Error('useJobs outside of JobsProvider');
  return jobs;
}
