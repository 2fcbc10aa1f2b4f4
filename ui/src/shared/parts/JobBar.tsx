import { Progress } from '@mantine/core';
import type { Job } from '../../backend';
import { percentOf } from '../format';

interface Props {
  job: Job | null;
  label: string;
  className?: string | undefined;
}

/** A job's progress bar, animated while the total is unknown. */
export function JobBar({ job, label, className = '' }: Props) {
  const total = job?.total ?? null;
  return (
    <Progress
      className={className}
      value={total ? percentOf(job?.done ?? 0, total) : 100}
      animated={!total}
      size={6}
      aria-label={label}
    />
  );
}
