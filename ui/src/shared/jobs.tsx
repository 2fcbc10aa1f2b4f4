import { createContext, type ReactNode, useCallback, useContext, useEffect, useMemo, useState } from 'react';
import { type Job, useBackend } from '../backend';

export interface Jobs {
  /** Running jobs and finished ones that haven't been dismissed, oldest first. */
  jobs: Job[];
  /**
   * Adds a job that a call has just started; events update it. `subject` names what it is about, which the job itself
   * doesn't say.
   */
  track(job: Job | null, subject?: string): void;
  subjectOf(jobId: string): string | undefined;
  cancel(jobId: string): void;
  dismiss(jobId: string): void;
}

const JobsContext = createContext<Jobs | null>(null);

const merge = (jobs: Job[], job: Job): Job[] => {
  const known = jobs.find(({ jobId }) => jobId === job.jobId);
  if (!known) return [...jobs, job];
  // Ignore an outdated state: the answer of the call that started the job may arrive after the job's last event.
  if (known.state !== 'running' && job.state === 'running') return jobs;
  return jobs.map((other) => (other.jobId === job.jobId ? job : other));
};

export function JobsProvider({ children }: { children: ReactNode }) {
  const backend = useBackend();
  const [jobs, setJobs] = useState<Job[]>([]);
  const [subjects, setSubjects] = useState<ReadonlyMap<string, string>>(new Map());
  const track = useCallback((job: Job | null, subject?: string) => {
    if (!job) return;
    setJobs((now) => merge(now, job));
    if (subject !== undefined) setSubjects((now) => new Map(now).set(job.jobId, subject));
  }, []);
  const subjectOf = useCallback((jobId: string) => subjects.get(jobId), [subjects]);
  const cancel = useCallback((jobId: string) => void backend.cancelJob(jobId).catch(() => {}), [backend]);
  const dismiss = useCallback((jobId: string) => {
    setJobs((now) => now.filter((job) => job.jobId !== jobId));
  }, []);
  useEffect(() => backend.onJob((job) => track(job)), [backend, track]);
  const value = useMemo(
    () => ({ jobs, track, subjectOf, cancel, dismiss }),
    [jobs, track, subjectOf, cancel, dismiss],
  );
  return <JobsContext value={value}>{children}</JobsContext>;
}

export function useJobs(): Jobs {
  const jobs = useContext(JobsContext);
  if (!jobs) throw new Error('useJobs outside of JobsProvider');
  return jobs;
}
