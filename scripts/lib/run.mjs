import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream, mkdirSync } from 'node:fs';
import { constants } from 'node:os';
import { dirname } from 'node:path';
import { root } from './paths.mjs';

const windows = process.platform === 'win32';
const CONVEYED = ['SIGINT', 'SIGTERM', 'SIGHUP'];

/** Output that can be read by eye and by program: no colours, no progress bars. */
export const plain = {
  CARGO_TERM_COLOR: 'never',
  CARGO_TERM_PROGRESS_WHEN: 'never',
  NO_COLOR: '1',
  CARGO_NET_RETRY: '5',
};

/** `npm`, as this platform can start it. */
export const npm = windows ? 'npm.cmd' : 'npm';

/** Runs a program on this terminal; throws unless it succeeds. */
export async function run(program, args, { env = {}, cwd = root } = {}) {
  const code = await converse(program, args, { env, cwd });
  if (code !== 0) throw new Error(`${program} ${args.join(' ')} ended with ${code}`);
}

/** A program's exit code; as a shell has it, 128 and the signal's number where a signal ended it. */
export const exitCode = (code, signal) => code ?? 128 + (constants.signals[signal] ?? 0);

/** Runs a program on this terminal, hands it the signals that we get, and gives its exit code. */
export async function converse(program, args, { env = {}, cwd = root } = {}) {
  const child = spawn(program, args, {
    cwd,
    env: { ...process.env, ...env },
    stdio: 'inherit',
    shell: windows && program === npm,
  });
  const convey = (signal) => child.kill(signal);
  for (const signal of CONVEYED) process.on(signal, convey);
  try {
    const [code, signal] = await once(child, 'exit');
    return exitCode(code, signal);
  } finally {
    for (const signal of CONVEYED) process.off(signal, convey);
  }
}

/** Runs a program without input, copies what it says to a file and, unless quiet, to this terminal. Never throws. */
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
      // It has ended.
    }
  };
  const timer = setTimeout(() => {
    note(`\nstopped: not done within ${Math.round(timeoutMs / 60_000)} minutes\n`);
    end();
  }, timeoutMs);
  process.once('exit', end);
  const stop = () => process.exit(130);
  for (const signal of CONVEYED) process.once(signal, stop);

  return new Promise((resolve) => {
    const finish = (code) => {
      clearTimeout(timer);
      process.off('exit', end);
      for (const signal of CONVEYED) process.off(signal, stop);
      file.end(() => resolve({ code, text }));
    };
    child.once('error', (error) => {
      note(`${error.message}\n`);
      finish(1);
    });
    child.once('close', (code, signal) => finish(exitCode(code, signal)));
  });
}

/** Ends a program that runs until its input does. */
export async function endInput(child) {
  if (child.exitCode !== null) return;
  const ended = once(child, 'exit');
  child.stdin.end();
  await ended;
}
