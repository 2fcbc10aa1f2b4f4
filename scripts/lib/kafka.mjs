import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { root, targetFolder } from './paths.mjs';
import { converse, endInput, plain } from './run.mjs';

// Runs the crate tests/broker, which the Rust tests use too, so that only one place downloads and configures Kafka.
const COMMAND = ['run', '--quiet', '--locked', '--package', 'nosmoke-broker', '--'];

/** Runs a Kafka broker in the foreground until Ctrl+C. Returns the exit code of the command. */
export function startKafka(options) {
  return converse('cargo', [...COMMAND, ...options]);
}

/**
 * Starts a Kafka broker for a test and returns `{ servers, secure, pid, folder, freeze, thaw, kill, stop }`. The broker
 * ends with this process at the latest.
 */
export async function kafkaForTest({ tls = false, scram = false } = {}) {
  const options = ['--json', ...(tls ? ['--tls'] : []), ...(scram ? ['--scram'] : [])];
  // Use the binary that the build of the tests has made, if there is one: `cargo run` would select other features and
  // compile for minutes.
  const built = join(targetFolder(), 'debug', 'nosmoke-broker');
  const [program, words] = existsSync(built) ? [built, options] : ['cargo', [...COMMAND, ...options]];
  const child = spawn(program, words, {
    cwd: root,
    env: { ...process.env, ...plain },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const lines = createInterface({ input: child.stdout });
  const started = once(lines, 'line').then(([line]) => JSON.parse(line));
  const gone = once(child, 'exit').then(([code]) => {
    throw new Error(`the broker did not start: it ended with ${code}`);
  });
  const about = await Promise.race([started, gone]);
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
