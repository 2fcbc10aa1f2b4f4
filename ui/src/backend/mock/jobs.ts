import type { ImportCounts, Job, JobKind } from '../types';
import type { Scenario } from './scenario';
import { newId, refuse } from './world';

const JOB_STEPS = 20;
const TOTAL = 104_020;

/** Creates the mock's jobs. Only one runs at a time; a timer advances it step by step. */
export function createJobs({ latencyMs }: Scenario, notify: (job: Job) => void) {
  let running: { job: Job; timer: ReturnType<typeof setInterval> } | null = null;

  function end(change: Partial<Job>): void {
    if (!running) return;
    clearInterval(running.timer);
    const { job } = running;
    running = null;
    notify({ ...job, ...change });
  }

  return {
    isIdle: () => running === null,

    /** Notes what the running import has done. */
    imported(counts: ImportCounts): void {
      if (running) running.job.imported = counts;
    },

    /** Starts a job that first waits for some seconds. */
    start(kind: JobKind, path: string | null, atEnd: () => void = () => {}, waitS = 0): Job {
      if (running) throw refuse('job_running');
      const job: Job = {
        jobId: newId(),
        kind,
        state: 'running',
        done: 0,
        total: null,
        waits: waitS > 0 ? waitS : null,
        startedAt: Date.now(),
        path: null,
        imported: null,
        error: null,
      };
      notify(job);
      let step = 0;
      const advance = () => {
        step += 1;
        if (!running) return;
        running.job = { ...job, waits: null, total: TOTAL, done: Math.round((TOTAL * step) / JOB_STEPS) };
        if (step < JOB_STEPS) return notify(running.job);
        atEnd();
        end({ state: 'done', path });
      };
      const begin = () => setInterval(advance, latencyMs > 0 ? 200 : 1);
      const wait = () => {
        if (!running) return;
        const waits = (running.job.waits ?? 0) - 1;
        running.job = { ...running.job, waits: waits > 0 ? waits : null };
        notify(running.job);
        if (waits > 0) return;
        clearInterval(running.timer);
        running.timer = begin();
      };
      running = { job, timer: waitS > 0 ? setInterval(wait, 1_000) : begin() };
      return job;
    },

    cancel(jobId: string): void {
      if (running?.job.jobId === jobId) end({ state: 'cancelled' });
    },
  };
}
