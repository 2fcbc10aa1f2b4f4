import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { headlessBinary, out, root } from './lib/paths.mjs';
import { converse } from './lib/run.mjs';
import { schemathesis } from './lib/schemathesis.mjs';

// `npm run fuzz`: Schemathesis generates requests from /openapi.json and sends them to a real gateway on a temporary
// data folder. A run fails on every 5xx but the documented 503, and on every response that the document doesn't
// describe. The seed is fixed; further arguments are passed to Schemathesis.
const MAX_TIME_S = '90';
const folder = mkdtempSync(join(tmpdir(), 'nosmoke-fuzz-'));
let gateway;
try {
  const st = await schemathesis();
  const data = join(folder, 'data');
  gateway = spawn(headlessBinary(), ['serve', '--data-dir', data, '--listen', '127.0.0.1:0'], {
    env: { ...process.env, NOSMOKE_MARKS_DIR: join(folder, 'marks') },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(gateway, 'exit').then(([code]) => {
    throw new Error(`the gateway ended with ${code}`);
  });
  ended.catch(() => {});
  const [base] = await Promise.race([once(createInterface({ input: gateway.stdout }), 'line'), ended]);
  const token = readFileSync(join(data, 'gateway.token'), 'utf8');
  const words = ['--config-file', join(root, 'scripts/schemathesis.toml'), 'run', `${base}/openapi.json`];
  words.push(
    '--header',
    `Authorization: Bearer ${token}`,
    '--seed',
    '1',
    '--max-time',
    MAX_TIME_S,
    '--no-color',
  );
  words.push('--report-dir', join(out, 'fuzz'), ...process.argv.slice(2));
  // Schemathesis keeps examples of earlier runs in its working folder; a fresh folder keeps runs reproducible.
  process.exitCode = await converse(st, words, { cwd: folder });
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
} finally {
  gateway?.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
}
