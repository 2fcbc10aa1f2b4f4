import assert from 'node:assert/strict';
import { test } from 'node:test';
import { asOne, cargoTest, nodeTest } from './counts.mjs';

test('cargo test counts over all binaries', () => {
  const text = [
    'test result: ok. 12 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.01s',
    'test result: FAILED. 3 passed; 2 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.01s',
  ].join('\n');
  assert.deepEqual(cargoTest({ code: 101, text }), { passed: 15, failed: 2 });
});

test('node counts a cancelled test as failed', () => {
  const text = 'ℹ tests 3\nℹ pass 1\nℹ fail 1\nℹ cancelled 1\nℹ skipped 0\n';
  assert.deepEqual(nodeTest({ code: 1, text }), { passed: 1, failed: 2 });
});

test('a runner that fails without naming a test, or runs none, is one failure', () => {
  assert.deepEqual(cargoTest({ code: 101, text: 'error: could not compile' }), { passed: 0, failed: 1 });
  assert.deepEqual(nodeTest({ code: 0, text: '' }), { passed: 0, failed: 1 });
  assert.deepEqual(asOne({ code: 2 }), { passed: 0, failed: 1 });
});
