import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { root, targetFolder } from './paths.mjs';
import { converse, endInput, plain } from './run.mjs';

// The broker is tests/broker, which the Rust tests use too: one place knows how Kafka is fetched and configured.
const COMMAND = ['run', '--quiet', '--locked', '--package', 'nosmoke-broker', '--'];

/** A broker on this terminal, until Ctrl+C. Gives its exit code. */
export function startKafka(options) {
  return converse('cargo', [...COMMAND, ...options]);
}

/** A broker for a test: `{ servers, secure, pid, folder, freeze, thaw, kill, stop }`. It also ends when this process does. */
export async function kafkaForTest({ tls = false, scram = false } = {}) {
  const options = ['--json', ...(tls ? ['--tls'] : []), ...(scram ? ['--scram'] : [])];
  // What the tests' build has made; cargo alone would choose other features and compile for minutes.
  const built = join(targetFolder(), 'debug', 'nosmoke-broker');
  const [program, words] = existsSync(built) ? [built, options] : ['cargo', [...COMMAND, ...options]];
  const child = spawn(program, words, {
    cwd: root,
    env: { ...process.env, ...plain },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const lines = createInterface({ input: child.stdout });
  const told = once(lines, 'line').then(([line]) => JSON.parse(line));
  const gone = once(child, 'exit').then(([code]) => {
    throw new Error(`the broker did not start: it ended with ${code}`);
  });
  const about = await Promise.race([told, gone]);
  gone.catch(() => {});
  const signal = (name) => () => process.kill(about.pid, name);
  return {
    ...about,
    freeze: signal('SIGSTOP'),
    thaw: signal('SIGCONT'),
    kill: signal('SIGKILL'),
    stop: () => endInput(child),
  };
}
