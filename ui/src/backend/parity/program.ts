import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { type LoopbackAddress, loopbackBackend } from '../loopback';
import type { Side } from './side';

const POLL_PAUSE_MS = 5;
const CUSTOMERS =
  'c0ccb8a72cc0fcc8adb9f8c8a32cc4abb5e5b9f8c8a32cc6f7c0cec6ae2cc6d0b3cec6bc20c1a1bcf60d0ac3dfb0a1b6f72c3031' +
  '302d333331322d323237352c2c313230302c31300d0abcb1bfecc1f82c3031302d383839302d363631382c4e532d323230342d30' +
  '3931322c2c0d0a2c3031302d353532312d393931302c2c2c0d0ac0ccc0e7c7cf2c3031302d343437372d313032302c2c22312c35' +
  '3030222c0d0a';

interface Options {
  /** The folder in which are the data folder and the folder of marks. */
  folder: string;
  /** The time at which the program's clock stands, in ms since 1970. */
  now: number;
}

/** Starts the real program (tests/loopback) on a data folder, with a clock that stands still until it is set. */
export async function startProgram({ folder, now }: Options): Promise<Side> {
  const binary = process.env.NOSMOKE_LOOPBACK_BINARY;
  if (!binary) throw new Error('NOSMOKE_LOOPBACK_BINARY is not set: use npm run test:parity');
  const words = ['--data-dir', join(folder, 'data'), '--clock', new Date(now).toISOString()];
  const child = spawn(binary, words, {
    env: {
      ...process.env,
      NOSMOKE_MARKS_DIR: join(folder, 'marks'),
      NOSMOKE_PICK_SAVE: folder,
      NOSMOKE_PICK_FOLDER: folder,
      NOSMOKE_PICK_OPEN: customerFile(folder),
    },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const address = await addressOf(child);
  const backend = loopbackBackend(address);
  return {
    name: 'real',
    backend,
    setClock: async (ms) => {
      const headers = { authorization: `Bearer ${address.token}`, 'content-type': 'application/json' };
      const url = `http://127.0.0.1:${address.port}/clock`;
      const { status } = await fetch(url, { method: 'POST', headers, body: JSON.stringify(ms) });
      if (status !== 204) throw new Error(`the clock can't be set: HTTP ${status}`);
    },
    settle: async () => {
      while (!(await isSettled(backend))) await new Promise((resolve) => setTimeout(resolve, POLL_PAUSE_MS));
    },
    end: async () => {
      const ended = once(child, 'exit');
      child.stdin.end();
      await ended;
    },
  };
}

/** The file that the mock pretends to read, in CP949. */
function customerFile(folder: string): string {
  const path = join(folder, '고객명단.csv');
  writeFileSync(path, Buffer.from(CUSTOMERS, 'hex'));
  return path;
}

async function addressOf(child: ChildProcess): Promise<LoopbackAddress> {
  if (!child.stdout) throw new Error('no output');
  const started = once(createInterface({ input: child.stdout }), 'line').then(([line]) => JSON.parse(line));
  const ended = once(child, 'exit').then(([code]) => {
    throw new Error(`the program did not start: it ended with ${code}`);
  });
  ended.catch(() => {});
  return Promise.race([started, ended]);
}

/** Returns true once every running context has processed all facts and every check-out has earned its points. */
async function isSettled({ services }: Side['backend']): Promise<boolean> {
  const { contexts } = await services();
  const following = contexts.filter(({ checkpoint, state }) => checkpoint !== null && state !== 'stopped');
  return following.every(({ lag, visitsWaiting }) => lag === 0 && visitsWaiting === null);
}
