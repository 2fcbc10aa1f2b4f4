import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { targetFolder } from '../../../scripts/lib/paths.mjs';

/** Starts another terminal without a window, in its own process and folder. The terminal ends with this process. */
export async function startTerminal({ folder, servers, name, code }) {
  const program = join(targetFolder(), 'debug', 'terminal');
  const words = [folder.data, folder.picked, servers, '', name, '--join', code];
  const child = spawn(program, words, { stdio: ['pipe', 'pipe', 'inherit'] });
  const waiting = new Map();
  let resolveReady;
  const ready = new Promise((resolve, reject) => {
    resolveReady = resolve;
    child.once('exit', (exit) => reject(new Error(`the terminal ended with ${exit}`)));
  });
  createInterface({ input: child.stdout }).on('line', (line) => {
    const answer = JSON.parse(line);
    if (answer.ready) resolveReady(answer.ready);
    else waiting.get(answer.id)?.(answer);
  });
  const id = await ready;
  let next = 0;
  const ask = (request) =>
    new Promise((resolve, reject) => {
      next += 1;
      waiting.set(next, ({ ok, error }) =>
        error ? reject(new Error(`${request.do}: ${JSON.stringify(error)}`)) : resolve(ok),
      );
      child.stdin.write(`${JSON.stringify({ ...request, id: next })}\n`);
    });
  return {
    id,
    ask,
    give: (command) => ask({ do: 'record', key: `${name}-${next}`, command }),
    kill: () => child.kill('SIGKILL'),
  };
}
