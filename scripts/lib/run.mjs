import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream, mkdirSync } from 'node:fs';
import { constants } from 'node:os';
import { dirname } from 'node:path';
import { root } from './paths.mjs';

const windows = process.platform === 'win32';
const FORWARDED_SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'];

/** Environment variables that turn off colours and progress bars in the output of tools. */
export const plain = {
  CARGO_TERM_COLOR: 'never',
  CARGO_TERM_PROGRESS_WHEN: 'never',
  NO_COLOR: '1',
  CARGO_NET_RETRY: '5',
};

/**
 * Compiles librdkafka without optimisation and debug information, which takes a third of the time. Other C libraries
 * don't read CFLAGS, because .cargo/config.toml sets the flags of their target.
 */
export const quickLibrdkafka = { CFLAGS: '-O0 -g0' };

/** The name of the npm program on this platform. */
export const npm = windows ? 'npm.cmd' : 'npm';

/** Runs a program in the foreground; throws unless it succeeds. */
export async function run(program, args, { env = {}, cwd = root } = {}) {
  const code = await converse(program, args, { env, cwd });
  if (code !== 0) throw new Error(`${program} ${args.join(' ')} ended with ${code}`);
}

/** Returns a program's exit code, or 128 plus the signal's number, as a shell does. */
export const exitCode = (code, signal) => code ?? 128 + (constants.signals[signal] ?? 0);

/** Runs a program in the foreground, forwards signals to it, and returns its exit code. */
export async function converse(program, args, { env = {}, cwd = root } = {}) {
  const child = spawn(program, args, {
    cwd,
    env: { ...process.env, ...env },
    stdio: 'inherit',
    shell: windows && program === npm,
  });
  const forward = (signal) => child.kill(signal);
  for (const signal of FORWARDED_SIGNALS) process.on(signal, forward);
  try {
    const [code, signal] = await once(child, 'exit');
    return exitCode(code, signal);
  } finally {
    for (const signal of FORWARDED_SIGNALS) process.off(signal, forward);
  }
}

/** Runs a program without input and copies its output to a log file and, unless quiet, to stdout. Never throws. */
export function record(program, args, { log, quiet = false, env = {}, timeoutMs }) {
  mkdirSync(dirname(log), { recursive: true });
  const file = createWriteStream(log);
  const child = spawn(program, args, {
    cwd: root,
    env: { ...process.env, ...plain, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    shell: windows && program === npm,
    detached: !windows,
  });
  let text = '';
  const note = (piece) => {
    text += piece;
    file.write(piece);
    if (!quiet) process.stdout.write(piece);
  };
  child.stdout.setEncoding('utf8').on('data', note);
  child.stderr.setEncoding('utf8').on('data', note);

  const end = () => {
    try {
      windows ? child.kill() : process.kill(-child.pid, 'SIGKILL');
    } catch {
      // The process has already ended.
    }
  };
  const timer = setTimeout(() => {
    note(`\nstopped: not done within ${Math.round(timeoutMs / 60_000)} minutes\n`);
    end();
  }, timeoutMs);
  process.once('exit', end);
  const stop = () => process.exit(130);
  for (const signal of FORWARDED_SIGNALS) process.once(signal, stop);

  return new Promise((resolve) => {
    const finish = (code) => {
      clearTimeout(timer);
      process.off('exit', end);
      for (const signal of FORWARDED_SIGNALS) process.off(signal, stop);
      file.end(() => resolve({ code, text }));
    };
    child.once('error', (error) => {
      note(`${error.message}\n`);
      finish(1);
    });
    child.once('close', (code, signal) => finish(exitCode(code, signal)));
  });
}

/** Closes a program's input, at which it ends, and waits for the end. */
export async function endInput(child) {
  if (child.exitCode !== null) return;
  const ended = once(child, 'exit');
  child.stdin.end();
  await ended;
}
