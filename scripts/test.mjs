import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { denyIsThere, installDeny } from './lib/cargo-deny.mjs';
import { asOne, cargoTest, nodeTest, vitest } from './lib/counts.mjs';
import { out, root } from './lib/paths.mjs';
import { npm, record } from './lib/run.mjs';
import { hashOfFolder, noteScreensBuilt, screensAreBuilt } from './lib/screens.mjs';
import { prepare } from './prepare.mjs';

// `npm test`: every check, whatever the ones before it said; the last line sums them up.
const MINUTE_MS = 60_000;
const logs = join(out, 'test');
const bindings = join(root, 'ui/src/backend/bindings');
const results = [];

rmSync(logs, { recursive: true, force: true });
try {
  await prepare();
} catch (error) {
  console.error(error.message);
  console.log('0 passed, 1 failed');
  process.exit(1);
}

const deny = denyIsThere() ? Promise.resolve({ code: 0 }) : installDeny(join(logs, 'install-cargo-deny.log'));

// The quick ones first. The screens are built before any cargo step, since the program has them inside.
await step('format of Rust', 'cargo', ['fmt', '--all', '--check']);
await step('biome', npm, ['run', '--silent', 'check:biome']);
await step('types', npm, ['run', '--silent', 'check:types']);
const report = join(logs, 'vitest.json');
await step(
  'screen tests',
  npm,
  [
    'run',
    '--silent',
    'test:ui',
    '--',
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${report}`,
  ],
  {
    count: vitest(report),
    minutes: 10,
  },
);
if (!screensAreBuilt()) {
  if (await step('build of the screens', npm, ['run', '--silent', 'build:ui'])) noteScreensBuilt();
}

// The same packages, targets and features in each, so that every crate is compiled once to check and once to run.
const everything = ['--workspace', '--all-targets', '--locked'];
await step('clippy', 'cargo', ['clippy', ...everything, '--', '-D', 'warnings'], { minutes: 30 });
const built = await step('build', 'cargo', ['build', ...everything], { minutes: 45 });
if (built) {
  const before = hashOfFolder(bindings);
  await step('Rust tests', 'cargo', ['test', '--workspace', '--locked', '--no-fail-fast'], {
    count: cargoTest,
    minutes: 30,
  });
  verdict('types of the screens are those of Rust', before === hashOfFolder(bindings), {
    otherwise: 'cargo test has written ui/src/backend/bindings anew: commit what changed',
  });
  if (process.platform === 'linux') {
    await step('window tests', process.execPath, ['scripts/e2e.mjs'], { count: nodeTest, minutes: 20 });
  } else console.log('The window tests run on Linux only.');
} else {
  verdict('Rust tests', false, { otherwise: 'not run: the build failed' });
  verdict('window tests', false, { otherwise: 'not run: the build failed' });
}
const installed = await deny;
if (installed.code === 0) {
  await step('licences and sources', 'cargo', [
    'deny',
    '--locked',
    'check',
    '--hide-inclusion-graph',
    'bans',
    'licenses',
    'sources',
  ]);
} else
  verdict('licences and sources', false, {
    otherwise: `cargo-deny could not be installed:\n${installed.text}`,
  });

console.log('');
for (const { name, passed, failed, seconds } of results) {
  const mark = failed === 0 ? 'ok    ' : 'FAILED';
  console.log(
    `${mark} ${name}: ${passed} of ${passed + failed}${seconds === undefined ? '' : ` in ${seconds} s`}`,
  );
}
const sum = (key) => results.reduce((total, result) => total + result[key], 0);
console.log(`${sum('passed')} passed, ${sum('failed')} failed`);
process.exitCode = sum('failed') === 0 ? 0 : 1;

async function step(name, program, args, { count = asOne, minutes = 10 } = {}) {
  console.log(`\n== ${name}`);
  const start = Date.now();
  const log = join(logs, `${name.replaceAll(' ', '-').toLowerCase()}.log`);
  const outcome = await record(program, args, { log, timeoutMs: minutes * MINUTE_MS });
  results.push({ name, seconds: Math.round((Date.now() - start) / 1000), ...count(outcome) });
  return outcome.code === 0;
}

function verdict(name, good, { otherwise }) {
  if (!good) console.log(`\n== ${name}\n${otherwise}`);
  results.push({ name, passed: good ? 1 : 0, failed: good ? 0 : 1 });
}
