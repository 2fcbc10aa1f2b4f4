import assert from 'node:assert/strict';
import { test } from 'node:test';
import { failures } from './failures.mjs';

test("node's failing tests are repeated without the runner's own places", () => {
  const text = [
    '✔ one (2ms)',
    '✖ two (3ms)',
    'ℹ fail 1',
    '',
    '✖ failing tests:',
    '',
    'test at tests/e2e/a.test.mjs:3:1',
    '✖ two (3ms)',
    '  Error: not within 30000 ms: "nobody" is shown',
    '      at two (file:///tests/e2e/a.test.mjs:4:5)',
    '      at async Test.run (node:internal/test_runner/test:797:9)',
    '',
  ];
  assert.equal(failures(text.join('\n')), [...text.slice(4, 10)].join('\n'));
});

test("the failures of cargo's binaries are repeated", () => {
  const failed = 'failures:\n\n---- f04_pays stdout ----\nassertion failed\n\n\nfailures:\n    f04_pays';
  assert.equal(failures(`test f01 ... ok\ntest f04_pays ... FAILED\n\n${failed}\n`), failed);
});

test('of a check that names no tests the last lines are repeated, of a long report the first', () => {
  const lines = Array.from({ length: 100 }, (_, n) => `line ${n}`);
  assert.equal(failures(lines.join('\n')).split('\n').length, 20);
  assert.match(failures(['✖ failing tests:', ...lines].join('\n')), /line 58\n…$/);
});
