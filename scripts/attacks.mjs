import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { compiledByClippy } from './lib/clippy.mjs';
import { jsonLines } from './lib/counts.mjs';
import { out } from './lib/paths.mjs';
import { quickLibrdkafka } from './lib/run.mjs';
import { runTestBinaries, testBinaries } from './lib/rust-tests.mjs';
import { namedTests } from './lib/security-tests.mjs';

// `npm run attacks [part of a name]`: runs the tests that docs/security.md names, one line each. A name without a test
// counts as a failure.
const names = namedTests().filter((name) => name.includes(process.argv[2] ?? ''));
const reports = join(out, 'attacks');
// As `npm test` compiles, so that nothing is compiled twice.
Object.assign(process.env, quickLibrdkafka, compiledByClippy({ denyWarnings: true }));
// More than in `npm test`.
process.env.NOSMOKE_HOSTILE ??= '10000';
rmSync(reports, { recursive: true, force: true });
const code = await runTestBinaries(await testBinaries(), { reports, filters: names });
const { tests } = jsonLines({ folder: reports })({ code });
let failed = 0;
for (const name of names) {
  const found = tests.filter((test) => test.name === name || test.name.endsWith(`::${name}`));
  const isGood = found.length > 0 && found.every(({ failure }) => failure === undefined);
  if (!isGood) failed += 1;
  const seconds = found.reduce((total, test) => total + test.seconds, 0);
  console.log(`${isGood ? 'ok    ' : 'FAILED'} ${seconds.toFixed(1).padStart(6)} s  ${name}`);
  for (const { failure } of found) if (failure !== undefined) console.log(failure);
}
console.log(`${names.length - failed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
