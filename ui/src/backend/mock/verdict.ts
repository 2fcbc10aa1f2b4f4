import type { Verdict, VerdictLine } from '../types';
import { recordedNow, recordingOf } from './recorded';
import { rulesAt } from './rules';
import { outstandingOf, standingOf, type World, worstOf } from './world';

/**
 * Returns the time of the first fact of a customer that is missing in the published standing, because point is stopped;
 * null if none is missing.
 */
function behindSince({ records, services: { point } }: World, customerId: string): number | null {
  if (point.state !== 'stopped') return null;
  const newer = records.slice(point.recordsThen).find((one) => one.customer.customerId === customerId);
  return newer?.at ?? null;
}

/** Returns the customer's standing as point has published it for check-in, with its time. */
export function publishedOf(world: World, customerId: string) {
  const recording = recordingOf(world, customerId);
  if (recording) {
    const { standing, outstanding } = recordedNow(recording).card.verdict;
    return { standing, outstanding, asOf: Date.now() };
  }
  const outstanding = outstandingOf(world, worstOf(world, customerId));
  const asOf = behindSince(world, customerId) ?? Date.now();
  return { standing: standingOf(world, outstanding), outstanding, asOf };
}

export function verdictView(world: World, customerId: string): Verdict {
  const { standing, outstanding, asOf } = publishedOf(world, customerId);
  const lines = linesOf(world, worstOf(world, customerId));
  // The levels that the person's last penalty or deduction carries.
  const last = lines.at(-1);
  const { warnAt, prohibitAt, generation } = last ? rulesAt(world, last.at) : world.rules;
  return {
    standing,
    outstanding,
    warnAt,
    prohibitAt,
    levels: [{ at: prohibitAt, days: null, reached: outstanding >= prohibitAt, lastDay: null, over: false }],
    generation,
    asOf,
    behind: behindSince(world, customerId) !== null,
    toLift: standing === 'PROHIBITED' ? outstanding - prohibitAt + 1 : null,
    liftedOn: null,
    lines,
  };
}

/** Returns the penalties and deductions that make up the outstanding points, oldest first. */
function linesOf(world: World, customerId: string): VerdictLine[] {
  const { penalties, deductions, terminal } = world;
  const lines: Omit<VerdictLine, 'outstanding' | 'generation'>[] = [];
  const common = { code: null, ground: null, areaId: null };
  for (const penalty of penalties.filter((one) => one.customerId === customerId)) {
    const { at, by, code, areaId, points, terminalName } = penalty;
    lines.push({ ...common, at, by, kind: 'penaltyImposed', code, areaId, points, terminalName });
    let left = points;
    for (const deduction of deductions.filter((one) => one.penaltyId === penalty.penaltyId)) {
      const { at, by, ground, points, void: voided } = deduction;
      const terminalName = terminal.name;
      lines.push({ ...common, at, by, kind: 'penaltyDeducted', ground, points: -points, terminalName });
      if (!voided) left -= points;
      else
        lines.push({
          ...common,
          at: voided.at,
          by: voided.by,
          kind: 'penaltyDeductionVoided',
          points,
          terminalName,
        });
    }
    if (penalty.void) {
      const { at, by } = penalty.void;
      lines.push({ ...common, at, by, kind: 'penaltyVoided', points: 0 - left, terminalName: terminal.name });
    }
  }
  let outstanding = 0;
  return lines
    .sort((a, b) => a.at - b.at)
    .map((line) => {
      outstanding += line.points;
      return { ...line, outstanding, generation: rulesAt(world, line.at).generation };
    });
}
