import assert from 'node:assert/strict';
import { test } from 'node:test';
import { namedTests, rustFunctions } from './security-tests.mjs';

test('every test that docs/security.md names exists', () => {
  const [names, functions] = [namedTests(), rustFunctions()];
  assert.ok(names.length > 20, `${names.length} names`);
  assert.deepEqual(
    names.filter((name) => !functions.has(name)),
    [],
  );
});
