const percentile = (sorted, share) =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;

function mark({ wrong, missed, stalls }) {
  if (wrong.length > 0) return 'WRONG';
  if (missed !== null) return 'missed';
  return stalls > 0 ? `ok (${stalls} again)` : 'ok';
}

/** Formats the results: a line for each scene and pace, with each suffix and the gaps that arrived. */
export function tableOf(results) {
  const lines = new Map();
  for (const result of results) {
    const key = `${result.mode}\t${result.name}\t${result.gapMs}`;
    lines.set(key, [...(lines.get(key) ?? []), result]);
  }
  const rows = [...lines].map(([key, all]) => {
    const [mode, name, gapMs] = key.split('\t');
    const gaps = all.flatMap((one) => one.gaps).sort((a, b) => a - b);
    const arrived = [0.5, 0.95, 1].map((share) => percentile(gaps, share)).join('/');
    const marks = all.map((one) => `${one.suffix} ${mark(one)}`).join(', ');
    return [mode, name, `${gapMs} ms`, arrived, marks];
  });
  const head = ['mode', 'scene', 'pace', 'gaps (p50/p95/max)', 'suffixes'];
  const widths = head.map((_, column) => Math.max(...[head, ...rows].map((row) => [...row[column]].length)));
  const line = (row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column]))
      .join('  ')
      .trimEnd();
  return `${[head, ...rows].map(line).join('\n')}\n`;
}
