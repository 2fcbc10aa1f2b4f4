import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { targetFolder } from '../../../scripts/lib/paths.mjs';
import { endInput } from '../../../scripts/lib/run.mjs';

/**
 * Starts a PostgreSQL server and returns `{ port, database, user, password, kill, start, stop }`. The server ends with
 * this process at the latest.
 */
export async function startPostgres() {
  const child = spawn(join(targetFolder(), 'debug', 'nosmoke-postgres'), {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const gone = once(child, 'exit').then(([code]) => {
    throw new Error(`the PostgreSQL server ended with ${code}`);
  });
  gone.catch(() => {});
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const nextLine = async () => (await Promise.race([lines.next(), gone])).value;
  const about = JSON.parse(await nextLine());
  const send = (word) => async () => {
    child.stdin.write(`${word}\n`);
    await nextLine();
  };
  return {
    ...about,
    kill: send('kill'),
    start: send('start'),
    stop: () => endInput(child),
  };
}
