/** What a runner said about what failed, without all it said about the rest: fit to be read again at the end. */

const SHOWN_LINES = 60;
const TAIL_LINES = 20;

/** Where a runner begins to tell its failures: node, cargo, Vitest. */
const BEGINNINGS = [/^✖ failing tests:$/gm, /^failures:\n\n(?=---- )/gm, /^.*Failed Tests \d+.*$/gm];
const NOISE = /^\s+at .*(?:node:internal|node_modules)|^note: run with `RUST_BACKTRACE/;

export function failures(text) {
  const starts = BEGINNINGS.flatMap((beginning) => [...text.matchAll(beginning)].map((found) => found.index));
  const lines = (starts.length === 0 ? text : text.slice(Math.min(...starts)))
    .split('\n')
    .map((line) => line.trimEnd())
    .filter((line) => !NOISE.test(line));
  while (lines.at(-1) === '') lines.pop();
  const kept = starts.length === 0 ? lines.slice(-TAIL_LINES) : lines.slice(0, SHOWN_LINES);
  return [...kept, ...(kept.length === lines.length || starts.length === 0 ? [] : ['…'])].join('\n');
}
