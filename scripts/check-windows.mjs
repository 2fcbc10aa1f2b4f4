import { spawnSync } from 'node:child_process';
import { root } from './lib/paths.mjs';
import { run } from './lib/run.mjs';

// `npm run check:windows`: type-checks for Windows every crate that doesn't need Kafka's client, from Linux. It compiles C too
// (SQLite, blake3, ring), for which it needs mingw. Kafka's client, and with it the programs, can only be built on Windows.
const TARGET = 'x86_64-pc-windows-gnu';
const COMPILERS = ['x86_64-w64-mingw32-gcc', 'x86_64-w64-mingw32-g++'];
const CRATES = [
  'domain',
  'ports',
  'reading',
  'runtime',
  'replication',
  'application',
  'store',
  'mypage-postgres',
];
CRATES.push('traces', 'updates', 'gateway');

const isThere = (program) => spawnSync(program, ['--version'], { stdio: 'ignore' }).status === 0;
const targets = spawnSync('rustup', ['target', 'list', '--installed'], { cwd: root, encoding: 'utf8' });

try {
  if (!COMPILERS.every(isThere))
    throw new Error(
      'mingw is missing: sudo apt-get install gcc-mingw-w64-x86-64-posix g++-mingw-w64-x86-64-posix',
    );
  if (!targets.stdout?.split('\n').includes(TARGET)) await run('rustup', ['target', 'add', TARGET]);
  const packages = CRATES.flatMap((name) => ['--package', `nosmoke-${name}`]);
  await run('cargo', ['check', '--locked', '--target', TARGET, ...packages]);
  console.log(`${CRATES.length} crates check for ${TARGET}.`);
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
}
