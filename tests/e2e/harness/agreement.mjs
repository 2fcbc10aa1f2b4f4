import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { RULES, TABLES } from './rules.mjs';

const FOLLOW_TIMEOUT_MS = 60_000;
const MAX_EXAMPLES = 3;

/**
 * Lists all folders with a journal in this folder: the data folder itself, the demonstration, folders kept by a
 * restore.
 */
export function journalFolders(path) {
  if (!existsSync(path)) return [];
  const below = readdirSync(path, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  return [
    ...(existsSync(join(path, 'journal.db')) ? [path] : []),
    ...below.flatMap((entry) => journalFolders(join(path, entry.name))),
  ];
}

/** Waits until every worker of a running program has passed the last fact; only then can all rules be checked. */
export async function waitUntilFollowed(folder, { timeoutMs = FOLLOW_TIMEOUT_MS } = {}) {
  const deadline = Date.now() + timeoutMs;
  while (true) {
    const behind = Object.entries(followed(folder)).filter(([, has]) => !has);
    if (behind.length === 0) return;
    if (Date.now() > deadline) {
      throw new Error(`${folder}: ${behind.map(([who]) => who)} did not follow within ${timeoutMs} ms`);
    }
    await wait(100);
  }
}

/**
 * Checks a data folder against all rules and returns one sentence for each broken rule: the journal must be an unbroken
 * chain of complete facts, and the projections must agree with the facts. Skips the projections of a worker that hasn't
 * passed the last fact. Doesn't verify the BLAKE3 hashes themselves; `nosmoke verify` does.
 */
export function disagreements(folder) {
  const has = followed(folder);
  const rules = RULES.filter(({ by }) => by === undefined || has[by]);
  const offences = rules.map(
    ({ sql }, index) =>
      `SELECT * FROM (SELECT ${index} AS rule, count(*) OVER () AS number, offence FROM (${sql}) LIMIT ${MAX_EXAMPLES})`,
  );
  const broken = new Map();
  for (const { rule, number, offence } of query(folder, `${TABLES}\n${offences.join('\nUNION ALL ')};`)) {
    broken.set(rule, { number, examples: [...(broken.get(rule)?.examples ?? []), offence] });
  }
  return [...broken].map(
    ([rule, { number, examples }]) =>
      `${rules[rule].what}: broken by ${number}, such as ${examples.join(', ')}`,
  );
}

/**
 * Returns for each worker whether its checkpoint has passed the last fact. Mypage's checkpoint is in Mypage's own
 * database.
 */
function followed(folder) {
  const rows = query(
    folder,
    `SELECT worker, change_seq >= last AS passed
     FROM (SELECT coalesce(max(change_seq), 0) AS last FROM fact) JOIN (
       SELECT name AS worker, coalesce(change_seq, 0) AS change_seq
       FROM (SELECT 'check_in' AS name UNION SELECT 'point' UNION SELECT 'earning' UNION SELECT 'penalty')
       LEFT JOIN checkpoint ON worker = name
       ${hasMypage(folder) ? "UNION ALL SELECT 'mypage', coalesce(max(checkpoint), 0) FROM mypage.source" : ''});`,
  );
  return Object.fromEntries(rows.map(({ worker, passed }) => [worker, passed === 1]));
}

const hasMypage = (folder) => existsSync(join(folder, 'mypage.db'));

function query(folder, sql) {
  const quoted = (text) => `'${text.replaceAll("'", "''")}'`;
  const attach = hasMypage(folder) ? `ATTACH ${quoted(join(folder, 'mypage.db'))} AS mypage;` : '';
  const options = ['-batch', '-bail', '-json', '-readonly', '-cmd', '.timeout 5000'];
  const answer = execFileSync('sqlite3', [...options, join(folder, 'journal.db')], {
    input: `${attach}\n${sql}\n`,
    encoding: 'utf8',
  });
  return answer.trim() === '' ? [] : JSON.parse(answer);
}
