import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { root } from '../lib/paths.mjs';
import { MUTANTS } from './list.mjs';

test('each planted mistake still has its place in the program', () => {
  for (const { name, file, find, replace } of MUTANTS) {
    const parts = readFileSync(join(root, file), 'utf8').split(find).length - 1;
    assert.equal(parts, 1, `${name}: ${find} stands ${parts} times in ${file}`);
    assert.notEqual(find, replace, name);
  }
});
