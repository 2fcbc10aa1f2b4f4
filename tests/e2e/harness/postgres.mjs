import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { targetFolder } from '../../../scripts/lib/paths.mjs';
import { endInput } from '../../../scripts/lib/run.mjs';

/** A PostgreSQL server: `{ port, database, user, password, kill, start, stop }`. It ends when this process does. */
export async function startPostgres() {
  const child = spawn(join(targetFolder(), 'debug', 'nosmoke-postgres'), {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const gone = once(child, 'exit').then(([code]) => {
    throw new Error(`the PostgreSQL server ended with ${code}`);
  });
  gone.catch(() => {});
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const said = async () => (await Promise.race([lines.next(), gone])).value;
  const about = JSON.parse(await said());
  const tell = (word) => async () => {
    child.stdin.write(`${word}\n`);
    await said();
  };
  return {
    ...about,
    kill: tell('kill'),
    start: tell('start'),
    stop: () => endInput(child),
  };
}
