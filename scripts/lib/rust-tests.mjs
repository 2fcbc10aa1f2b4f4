import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { root } from './paths.mjs';
import { exitCode, plain } from './run.mjs';

/**
 * Builds the tests of all crates and returns the test binaries, `{ target, executable, folder }`. Always builds the
 * whole workspace: for a part of it cargo would choose other features and compile the crates again.
 */
export async function testBinaries() {
  const words = ['test', '--workspace', '--locked', '--no-run', '--message-format=json-render-diagnostics'];
  const cargo = spawn('cargo', words, {
    cwd: root,
    env: { ...process.env, ...plain },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const closed = once(cargo, 'close');
  const binaries = [];
  for await (const line of createInterface({ input: cargo.stdout })) {
    const { reason, executable, profile, target, manifest_path } = JSON.parse(line);
    if (reason !== 'compiler-artifact' || executable === null || !profile.test) continue;
    binaries.push({ target: target.name, executable, folder: dirname(manifest_path) });
  }
  const [code, signal] = await closed;
  if (code !== 0) throw new Error(`the tests don't build: cargo ended with ${exitCode(code, signal)}`);
  return binaries;
}

/**
 * Runs test binaries one after another, with the environment that cargo gives them. Each writes libtest's JSON report
 * to a file of its own in the folder `reports`. With `filters`, only tests with one of these texts in their name run.
 */
export async function runTestBinaries(binaries, { reports, filters = [] }) {
  mkdirSync(reports, { recursive: true });
  let worst = 0;
  for (const { executable, folder } of binaries) {
    // The binary writes to the files itself, so that they are whole once it has ended.
    const [report, messages] = ['jsonl', 'stderr'].map((kind) =>
      openSync(join(reports, `${basename(executable)}.${kind}`), 'w'),
    );
    const child = spawn(executable, ['-Zunstable-options', '--format=json', '--report-time', ...filters], {
      cwd: folder,
      // libtest's JSON output is unstable; RUSTC_BOOTSTRAP allows it on a stable toolchain.
      env: { ...process.env, ...cargoEnvironment(), CARGO_MANIFEST_DIR: folder, RUSTC_BOOTSTRAP: '1' },
      stdio: ['ignore', report, messages],
    });
    const [code, signal] = await once(child, 'close');
    closeSync(report);
    closeSync(messages);
    worst = Math.max(worst, exitCode(code, signal));
  }
  return worst;
}

/** The variables that `.cargo/config.toml` gives to programs that cargo runs. */
function cargoEnvironment() {
  const text = readFileSync(join(root, '.cargo/config.toml'), 'utf8');
  const [, table] = /^\[env\]\n([^[]*)/m.exec(text);
  const entries = [...table.matchAll(/^(\w+) = (?:"([^"]*)"|\{ value = "([^"]*)", relative = true \})$/gm)];
  return Object.fromEntries(entries.map(([, name, value, path]) => [name, value ?? resolve(root, path)]));
}
