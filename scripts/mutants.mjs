/**
 * `npm run mutants [part of a name]`: plants one mistake at a time in a copy of the program, and checks that the
 * simulator or a unit test notices it. Takes about a minute for each, and some minutes for the first build.
 */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { root } from './lib/paths.mjs';
import { MUTANTS } from './mutants/list.mjs';

const SEEDS = '40';
const copy = join(root, 'target/mutants/source');
const environment = {
  ...process.env,
  CARGO_TARGET_DIR: process.env.CARGO_TARGET_DIR ?? join(root, 'target/mutants/build'),
};

function copySources() {
  rmSync(copy, { recursive: true, force: true });
  const listed = spawnSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
    cwd: root,
  });
  for (const file of String(listed.stdout).split('\0').filter(Boolean)) {
    mkdirSync(dirname(join(copy, file)), { recursive: true });
    cpSync(join(root, file), join(copy, file), { force: true });
  }
}

const run = (command, args) => spawnSync(command, args, { cwd: copy, env: environment, encoding: 'utf8' });
const simulator = () => join(environment.CARGO_TARGET_DIR, 'debug/simulate');

/** Whether the tests notice the change; throws if the changed program can't be compiled. */
function isFound({ by, filter }) {
  if (by !== 'simulate') {
    const binaries =
      by === 'suites' ? ['--test', 'suites'] : ['--lib', '--test', 'decisions', '--test', 'history'];
    const test = ['test', '--workspace', ...binaries];
    const built = run('cargo', [...test, '--no-run']);
    if (built.status !== 0) throw new Error(built.stderr.slice(-2000));
    const tested = run('cargo', [...test, '--no-fail-fast', '--', filter]);
    return { found: /test result: FAILED/.test(tested.stdout), by: `${by} ${filter}` };
  }
  const built = run('cargo', ['build', '--workspace', '--bin', 'simulate']);
  if (built.status !== 0) throw new Error(built.stderr.slice(-2000));
  const simulated = run(simulator(), ['--seeds', SEEDS, '--first', '1']);
  const first = (simulated.stdout + simulated.stderr).match(/^seed \d+, step \d+: (\w+) is broken/m);
  return { found: first !== null, by: first ? `${first[1]}` : 'simulator' };
}

copySources();
const wanted = MUTANTS.filter((mutant) => mutant.name.includes(process.argv[2] ?? ''));
let missed = 0;
for (const mutant of wanted) {
  const file = join(copy, mutant.file);
  const before = readFileSync(file, 'utf8');
  writeFileSync(
    file,
    before.replace(mutant.find, () => mutant.replace),
  );
  const { found, by } = isFound(mutant.found);
  writeFileSync(file, before);
  if (!found) missed += 1;
  console.log(`${found ? 'found ' : 'MISSED'} ${mutant.name} (${by})`);
}
console.log(`${wanted.length - missed} of ${wanted.length} mistakes are found`);
process.exitCode = missed === 0 ? 0 : 1;
