import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { denyIsThere, installDeny } from './lib/cargo-deny.mjs';
import { asOne, cargoTest, nodeTest, vitest } from './lib/counts.mjs';
import { failures } from './lib/failures.mjs';
import { out, root } from './lib/paths.mjs';
import { npm, record } from './lib/run.mjs';
import { hashOfFolder, noteScreensBuilt, screensAreBuilt } from './lib/screens.mjs';
import { prepare } from './prepare.mjs';

// `npm test`: every check, whatever the ones before it said; the last line sums them up.
const MINUTE_MS = 60_000;
const logs = join(out, 'test');
const bindings = join(root, 'ui/src/backend/bindings');
const results = [];
const node = process.execPath;
const script = (name, ...more) => [npm, 'run', '--silent', name, ...more];

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
await step('format of Rust', ['cargo', 'fmt', '--all', '--check']);
const ofScripts = ['counts', 'failures', 'run'].map((name) => `scripts/lib/${name}.test.mjs`);
ofScripts.push('tests/e2e/harness/agreement.test.mjs');
await step('scripts', [node, '--test', '--test-reporter=spec', ...ofScripts], { count: nodeTest });
await step('biome', script('check:biome'));
await step('types', script('check:types'));
const report = join(logs, 'vitest.json');
const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
await step('screen tests', script('test:ui', '--', ...reporters), { count: vitest(report) });
if (!screensAreBuilt() && (await step('build of the screens', script('build:ui')))) noteScreensBuilt();

// The same packages, targets and features in each, so that every crate is compiled once to check and once to run.
const everything = ['--workspace', '--all-targets', '--locked'];
await step('clippy', ['cargo', 'clippy', ...everything, '--', '-D', 'warnings'], { minutes: 30 });
const cargoTests = ['cargo', 'test', '--workspace', '--locked', '--no-fail-fast'];
if (await step('build', ['cargo', 'build', ...everything], { minutes: 45 })) {
  const before = hashOfFolder(bindings);
  await step('Rust tests', cargoTests, { count: cargoTest, minutes: 30 });
  verdict('types of the screens are those of Rust', before === hashOfFolder(bindings), {
    otherwise: 'cargo test has written ui/src/backend/bindings anew: commit what changed',
  });
  await step('made-up requests to the gateway', [node, 'scripts/fuzz.mjs'], { minutes: 15 });
  if (process.platform === 'linux') {
    await step('window tests', [node, 'scripts/e2e.mjs'], { count: nodeTest, minutes: 40 });
  } else console.log('\nThe window tests run on Linux only.');
} else {
  const otherwise = 'not run: the build failed';
  for (const name of ['Rust tests', 'made-up requests to the gateway', 'window tests'])
    verdict(name, false, { otherwise });
}

const installed = await deny;
if (installed.code === 0) {
  const check = 'cargo deny --locked check --hide-inclusion-graph bans licenses sources';
  await step('licences and sources', check.split(' '));
} else {
  const otherwise = `cargo-deny could not be installed:\n${installed.text}`;
  verdict('licences and sources', false, { otherwise });
}

for (const { name, failed, said } of results) {
  if (failed > 0) console.log(`\n== what failed: ${name}\n${said}`);
}
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

async function step(name, [program, ...args], { count = asOne, minutes = 10 } = {}) {
  console.log(`\n== ${name}`);
  const start = Date.now();
  const log = join(logs, `${name.replaceAll(' ', '-').toLowerCase()}.log`);
  const outcome = await record(program, args, { log, timeoutMs: minutes * MINUTE_MS });
  const seconds = Math.round((Date.now() - start) / 1000);
  results.push({ name, seconds, said: failures(outcome.text), ...count(outcome) });
  return outcome.code === 0;
}

function verdict(name, good, { otherwise }) {
  if (!good) console.log(`\n== ${name}\n${otherwise}`);
  results.push({ name, said: otherwise, passed: good ? 1 : 0, failed: good ? 0 : 1 });
}
