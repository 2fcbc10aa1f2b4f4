import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './lib/paths.mjs';
import { converse } from './lib/run.mjs';

// `npm run test:e2e [words]`: runs the window tests on the binary that `cargo build` has made. Words select test files
// by name; options (`--test-…`) are passed to Node's test runner.
const isOption = (word) => word.startsWith('--');
const words = process.argv.slice(2).filter((word) => !isOption(word));
const given = process.argv.slice(2).filter(isOption);
const options = given.length === 0 ? ['--test-reporter=spec'] : given;
const files = readdirSync(join(root, 'tests/e2e'))
  .filter((name) => name.endsWith('.test.mjs'))
  .filter((name) => words.length === 0 || words.some((word) => name.includes(word)))
  .map((name) => join('tests/e2e', name));
process.exitCode =
  files.length === 0
    ? 1
    : await converse(process.execPath, ['--test', '--test-concurrency=1', ...options, ...files]);
