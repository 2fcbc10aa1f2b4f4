import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { installDeny, isDenyInstalled } from './lib/cargo-deny.mjs';
import { compiledByClippy } from './lib/clippy.mjs';
import { asOne, docTests, jsonLines, vitest } from './lib/counts.mjs';
import { out, root } from './lib/paths.mjs';
import { npm, quickLibrdkafka, record } from './lib/run.mjs';
import { runTestBinaries, testBinaries } from './lib/rust-tests.mjs';
import { hashOfFolder, noteScreensBuilt, screensAreBuilt } from './lib/screens.mjs';
import { prepare } from './prepare.mjs';

// `npm test`: runs every check, even after one has failed. The last line has the totals.
const MINUTE_MS = 60_000;
const FAILURE_LINES = 60;
const TAIL_LINES = 20;
const SLOWEST_SHOWN = 15;
const logs = join(out, 'test');
const bindings = join(root, 'ui/src/backend/bindings');
const results = [];
const node = process.execPath;
const script = (name, ...more) => [npm, 'run', '--silent', name, ...more];

// A fresh clone compiles once: what makes a second build quicker only costs time there.
if (process.env.CI) process.env.CARGO_INCREMENTAL ??= '0';
Object.assign(process.env, quickLibrdkafka);

rmSync(logs, { recursive: true, force: true });
mkdirSync(logs, { recursive: true });
try {
  await prepare();
} catch (error) {
  console.error(error.message);
  console.log('0 passed, 1 failed');
  process.exit(1);
}

// The quick checks first. The screens are built before any cargo step that compiles, because the program embeds them.
await step('format of Rust', ['cargo', 'fmt', '--all', '--check']);
const ofScripts = ['lib/counts', 'lib/run', 'lib/security-tests', 'lib/supply-chain', 'mutants/list'].map(
  (name) => `scripts/${name}.test.mjs`,
);
ofScripts.push(
  'scripts/screens/readme.test.mjs',
  'scripts/lib/announce.test.mjs',
  'scripts/licences/list.test.mjs',
  'scripts/freeze.test.mjs',
  'tests/e2e/harness/agreement.test.mjs',
);
await nodeTests('scripts', ofScripts);
await step('biome', script('check:biome'));
await step('types', script('check:types'));
if (!screensAreBuilt() && (await step('build of the screens', script('build:ui')))) noteScreensBuilt();
await vitestTests('screen tests', 'test:ui', { minutes: 30 });

// All cargo steps select the same packages, targets and features, and clippy's driver lints what it compiles, so each
// crate is compiled once. If only a lint has failed, the tests still run.
const everything = ['cargo', 'build', '--workspace', '--all-targets', '--locked'];
const buildAs = (name, denyWarnings) => {
  Object.assign(process.env, compiledByClippy({ denyWarnings }));
  return step(name, everything, { minutes: 45 });
};
if ((await buildAs('clippy and build', true)) || (await buildAs('build without denying warnings', false))) {
  // Compiled now, because the tests spend about half their time waiting.
  const deny = isDenyInstalled()
    ? Promise.resolve({ code: 0 })
    : installDeny(join(logs, 'install-cargo-deny.log'));
  const before = hashOfFolder(bindings);
  const binaries = await testBinaries();
  const acrossCrates = ({ target }) => target === 'suites';
  const doc = ['cargo', 'test', '--workspace', '--locked', '--no-fail-fast', '--doc'];
  if (process.platform !== 'linux') console.log('\nThe window tests run on Linux only.');
  await twoAtATime([
    () => rustTests('Rust suites', binaries.filter(acrossCrates)),
    () =>
      process.platform === 'linux' &&
      nodeTests('window tests', ['scripts/e2e.mjs'], { minutes: 40, quiet: true }),
    () =>
      rustTests(
        'Rust tests',
        binaries.filter((it) => !acrossCrates(it)),
      ),
    () => step('generated requests to the gateway', [node, 'scripts/fuzz.mjs'], { minutes: 15, quiet: true }),
    () => vitestTests('parity of mock and program', 'test:parity', { quiet: true }),
    () => step('documentation tests', doc, { count: docTests, minutes: 15, quiet: true }),
  ]);
  verdict('TypeScript bindings match Rust', before === hashOfFolder(bindings), {
    otherwise: 'the tests have changed ui/src/backend/bindings: commit the changes',
  });
  const installed = await deny;
  if (installed.code === 0) {
    const check = 'cargo deny --locked check --hide-inclusion-graph bans licenses sources';
    await step('licences and sources', check.split(' '));
  } else {
    const otherwise = `cargo-deny could not be installed:\n${installed.text}`;
    verdict('licences and sources', false, { otherwise });
  }
} else {
  const otherwise = 'not run: the build failed';
  const notRun = [
    'parity of mock and program',
    'Rust tests',
    'generated requests to the gateway',
    'window tests',
    'licences and sources',
  ];
  for (const name of notRun) verdict(name, false, { otherwise });
}

const slowest = results.flatMap(({ tests = [] }) => tests).sort((a, b) => b.seconds - a.seconds);
console.log('\nThe slowest tests:');
for (const { name, seconds } of slowest.slice(0, SLOWEST_SHOWN))
  console.log(`${seconds.toFixed(1).padStart(7)} s  ${name}`);
const failuresOf = ({ tests = [] }) => tests.filter(({ failure }) => failure !== undefined);
for (const result of results.filter(({ failed }) => failed > 0)) {
  console.log(`\n== failures of ${result.name}`);
  const named = failuresOf(result);
  for (const { name, failure } of named) console.log(`-- ${name}\n${head(failure)}\n`);
  if (named.length === 0) console.log(result.said);
}
console.log('');
for (const { name, passed, failed, seconds } of results) {
  const mark = failed === 0 ? 'ok    ' : 'FAILED';
  console.log(
    `${mark} ${name}: ${passed} of ${passed + failed}${seconds === undefined ? '' : ` in ${seconds} s`}`,
  );
}
for (const { name } of results.flatMap(failuresOf)) console.log(`failed: ${name}`);
const sum = (key) => results.reduce((total, result) => total + result[key], 0);
console.log(`${sum('passed')} passed, ${sum('failed')} failed`);
process.exitCode = sum('failed') === 0 ? 0 : 1;

/**
 * Runs steps, the longest first, two at a time: the suites of tests/suites and the window tests spend about half their
 * time waiting for brokers, servers and clocks.
 */
async function twoAtATime(steps) {
  const lane = async () => {
    for (let next = steps.shift(); next; next = steps.shift()) await next();
  };
  await Promise.all([lane(), lane()]);
}

/** Runs Rust test binaries as one step; each binary writes its own report file. */
function rustTests(name, binaries) {
  const reports = join(logs, `${name.replaceAll(' ', '-').toLowerCase()}.reports`);
  const run = async () => ({ code: await runTestBinaries(binaries, { reports }), text: '' });
  return step(name, run, { count: jsonLines({ folder: reports }), quiet: true });
}

/** Runs an npm script that runs vitest, with a report of its own. */
function vitestTests(name, npmScript, options = {}) {
  const report = join(logs, `${npmScript.replace(':', '-')}.json`);
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
  return step(name, script(npmScript, '--', ...reporters), { count: vitest(report), ...options });
}

/** Runs tests with Node's test runner: a list of files, or a script that runs them and passes on the options. */
function nodeTests(name, files, options = {}) {
  const file = join(logs, `${name.replaceAll(' ', '-').toLowerCase()}.jsonl`);
  const words = [
    '--test-reporter=spec',
    '--test-reporter-destination=stdout',
    `--test-reporter=${join(root, 'scripts/lib/node-reporter.mjs')}`,
    `--test-reporter-destination=${file}`,
  ];
  const command = files[0].endsWith('.test.mjs')
    ? [node, '--test', ...words, ...files]
    : [node, ...files, ...words];
  return step(name, command, { count: jsonLines({ file }), ...options });
}

/**
 * Runs one check, given as a command or as a function that returns `{ code, text }`, and adds its result to the totals.
 */
async function step(name, work, { count = asOne, minutes = 10, quiet = false } = {}) {
  const log = join(logs, `${name.replaceAll(' ', '-').toLowerCase()}.log`);
  console.log(quiet ? `\n== ${name}, concurrently with other steps: ${log}` : `\n== ${name}`);
  const start = Date.now();
  const outcome =
    typeof work === 'function'
      ? await work()
      : await record(work[0], work.slice(1), { log, quiet, timeoutMs: minutes * MINUTE_MS });
  const seconds = Math.round((Date.now() - start) / 1000);
  if (quiet) console.log(`\n-- ${name} ended with ${outcome.code} after ${seconds} s`);
  results.push({ name, seconds, said: tail(outcome.text), ...count(outcome) });
  return outcome.code === 0;
}

function verdict(name, good, { otherwise }) {
  if (!good) console.log(`\n== ${name}\n${otherwise}`);
  results.push({ name, said: otherwise, passed: good ? 1 : 0, failed: good ? 0 : 1 });
}

function head(text) {
  return text.split('\n').slice(0, FAILURE_LINES).join('\n');
}

function tail(text) {
  return text.trimEnd().split('\n').slice(-TAIL_LINES).join('\n');
}
