import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { installDeny, isDenyInstalled } from './lib/cargo-deny.mjs';
import { judge } from './lib/npm-audit.mjs';
import { out, root } from './lib/paths.mjs';
import { npm, record } from './lib/run.mjs';

// `npm run audit`: looks for known vulnerabilities in the dependencies, of Rust in RustSec's database and of npm in GitHub's. It
// needs the network, and its result changes without a change here, so it is no part of `npm test`. Exceptions are listed with
// dates: those of Rust in deny.toml, those of npm in scripts/npm-advisories.json.
const log = (name) => join(out, 'audit', `${name}.log`);
let failed = 0;

console.log('== Rust');
if (!isDenyInstalled()) {
  const { code, text } = await installDeny(log('install-cargo-deny'));
  if (code !== 0) console.log(text);
}
const rust = await record('cargo', ['deny', '--locked', 'check', '--hide-inclusion-graph', 'advisories'], {
  log: log('cargo-deny'),
  timeoutMs: 10 * 60_000,
});
if (rust.code !== 0) failed += 1;

console.log('\n== npm');
const asked = await record(npm, ['audit', '--json'], { log: log('npm'), quiet: true, timeoutMs: 5 * 60_000 });
const exceptions = JSON.parse(readFileSync(join(root, 'scripts/npm-advisories.json'), 'utf8'));
const { problems, notes } = judge(asked.text, exceptions, new Date());
for (const line of [...notes, ...problems]) console.log(line);
if (problems.length > 0) failed += 1;

console.log(failed === 0 ? '\nNo known vulnerability.' : '\nSee above.');
process.exitCode = failed === 0 ? 0 : 1;
