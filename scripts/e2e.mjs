import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './lib/paths.mjs';
import { converse } from './lib/run.mjs';

// `npm run test:e2e [words]`: the window tests on the binary that is built; words choose files by name.
const words = process.argv.slice(2);
const files = readdirSync(join(root, 'tests/e2e'))
  .filter((name) => name.endsWith('.test.mjs'))
  .filter((name) => words.length === 0 || words.some((word) => name.includes(word)))
  .map((name) => join('tests/e2e', name));
process.exitCode =
  files.length === 0
    ? 1
    : await converse(process.execPath, ['--test', '--test-concurrency=1', '--test-reporter=spec', ...files]);
