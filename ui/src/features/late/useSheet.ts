import { useRef, useState } from 'react';
import { type AppError, asAppError, type Outcome } from '../../backend';
import { useRecord } from '../../shared/data/queries';
import { useSession } from '../../shared/session';
import { HOUR_MS } from '../../shared/time';
import { commandOf, isBlank, isSame, keyed, type Line, type Missing, nextLine } from './lines';
import { keepSheet, readSheet } from './sheetStore';

/** What is wrong with a line: a field that isn't filled in, or why it was refused. */
export type Problem = { missing: Missing } | { error: AppError };

const pointsOf = (outcome: Outcome): Line['done'] => ({
  points: 'points' in outcome ? outcome.points : null,
  earned: outcome.type === 'checkedOut',
});

/** The lines of the sheet, and recording them one after the other. */
export function useSheet() {
  const { terminal, areas, rules } = useSession();
  const { mutateAsync } = useRecord();
  const area = areas[0]?.areaId ?? '';
  const [lines, setLines] = useState<Line[]>(() => {
    const kept = readSheet(terminal.id);
    return kept.length > 0 ? kept : [nextLine(undefined, area)];
  });
  const [problems, setProblems] = useState<ReadonlyMap<string, Problem>>(new Map());
  const [progress, setProgress] = useState<{ done: number; of: number } | null>(null);
  const [stopping, setStopping] = useState(false);
  const busy = useRef(false);
  const stopped = useRef(false);
  const latest = useRef(lines);

  const put = (next: Line[]) => {
    latest.current = next;
    setLines(next);
    keepSheet(
      terminal.id,
      next.filter((line) => !isBlank(line)),
    );
  };
  const replace = (line: Line) => put(latest.current.map((one) => (one.id === line.id ? line : one)));
  const change = (line: Line) => {
    const all = latest.current.map((one) => (one.id === line.id ? line : one));
    const last = all.at(-1);
    // There is always a next line for Tab.
    put(last && !isBlank(last) ? [...all, nextLine(last)] : all);
    setProblems((now) => new Map([...now].filter(([id]) => id !== line.id)));
  };
  const remove = (id: string) => {
    const rest = latest.current.filter((line) => line.id !== id);
    put(rest.length > 0 ? rest : [nextLine(undefined, area)]);
  };
  const clear = () => {
    setProblems(new Map());
    put([nextLine(latest.current.at(-1))]);
  };
  const takesHalf = (ground: string) =>
    rules.grounds.some((one) => one.ground === ground && one.takes === 'half');

  /** Records every line that isn't recorded yet. Returns the first one with a problem; null if there is none. */
  const submit = async (): Promise<string | null> => {
    if (busy.current) return null;
    const open = latest.current.filter((line) => line.done === null && !isBlank(line));
    const read = open.map((line) => ({
      line,
      command: commandOf(line, { takesHalf, longestStayMs: rules.forgottenAfterHours * HOUR_MS }),
    }));
    const unfinished = new Map<string, Problem>();
    for (const { line, command } of read) {
      if (typeof command === 'string') unfinished.set(line.id, { missing: command });
    }
    setProblems(unfinished);
    if (unfinished.size > 0) return [...unfinished.keys()][0] ?? null;
    busy.current = true;
    stopped.current = false;
    const refused = new Map<string, Problem>();
    try {
      for (const [index, { line, command }] of read.entries()) {
        if (stopped.current || typeof command === 'string') break;
        setProgress({ done: index, of: read.length });
        // A line that was removed or changed meanwhile isn't what the person wants recorded.
        if (!latest.current.some((now) => now.id === line.id && isSame(now, line))) continue;
        // Kept before it is sent: after a power cut the same key is sent again.
        const sent = keyed(line, command);
        replace(sent);
        try {
          const outcome = await mutateAsync({ idempotencyKey: sent.idempotencyKey, command });
          replace({ ...sent, done: pointsOf(outcome) });
        } catch (thrown) {
          refused.set(line.id, { error: asAppError(thrown) });
          setProblems(new Map(refused));
        }
      }
    } finally {
      busy.current = false;
      setProgress(null);
      setStopping(false);
    }
    return [...refused.keys()][0] ?? null;
  };
  const stop = () => {
    stopped.current = true;
    setStopping(true);
  };
  return { lines, problems, progress, stopping, change, remove, clear, submit, stop };
}
