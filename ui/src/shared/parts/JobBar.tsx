import { Progress } from '@mantine/core';
import type { Job } from '../../backend';
import { percentOf } from '../format';

interface Props {
  job: Job | null;
  label: string;
  className?: string | undefined;
}

/**
 * A job's progress bar, animated while the total is unknown. Its length jumps: a transition would paint the window without
 * a pause, and slow the job on a computer without a graphics card.
 */
export function JobBar({ job, label, className = '' }: Props) {
  const total = job?.total ?? null;
  return (
    <Progress
      className={className}
      value={total ? percentOf(job?.done ?? 0, total) : 100}
      animated={!total}
      transitionDuration={0}
      size={6}
      aria-label={label}
    />
  );
}
