import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { createContext, runInContext } from 'node:vm';
import { root } from './lib/paths.mjs';

const script = readFileSync(join(root, 'src-tauri/src/freeze.js'), 'utf8');

/** Runs code in a realm of its own, after the script that the window runs before every other one. */
const inFrozenPage = (code) =>
  runInContext(`${script}\n(() => { 'use strict'; ${code} })()`, createContext({}));

test('Object.prototype is frozen: nothing is added to it, changed or removed', () => {
  assert.equal(inFrozenPage('return Object.isFrozen(Object.prototype);'), true);
  for (const code of [
    'Object.prototype.isAdmin = true;',
    'Object.prototype.toString = () => "x";',
    '({}).__proto__.isAdmin = true;',
    'Object.defineProperty(Object.prototype, "isAdmin", { value: true });',
    'Object.defineProperty(Object.prototype, "toString", { value: 1 });',
    'delete Object.prototype.hasOwnProperty;',
    'Object.assign(Object.prototype, { isAdmin: true });',
    'Object.assign(Object.prototype, { valueOf: 1 });',
    'Object.setPrototypeOf(Object.prototype, { isAdmin: true });',
  ]) {
    assert.throws(() => inFrozenPage(code), { name: 'TypeError' }, code);
  }
  const after =
    'try { Object.prototype.isAdmin = true; } catch {} return [({}).isAdmin, String({}), {}.valueOf !== 1];';
  assert.deepEqual([...inFrozenPage(after)], [undefined, '[object Object]', true]);
});

test('other objects get a toString, a constructor and the like of their own by assignment', () => {
  const own = inFrozenPage(`
    const one = {}, heir = Object.create(one);
    one.toString = () => 'one';
    heir.constructor = 'heir';
    function Scale() {}
    Scale.prototype = {};
    Scale.prototype.constructor = Scale;
    return [
      String(one), String(heir), heir.constructor, Object.keys(one).join(), new Scale().constructor === Scale,
      Object.hasOwn(one, 'constructor'), delete one.toString, String(one), ({ toString: () => 'literal' }).toString(),
    ];`);
  assert.deepEqual(
    [...own],
    ['one', 'one', 'heir', 'toString', true, false, true, '[object Object]', 'literal'],
  );
});

test('what cannot get a property refuses it as before', () => {
  for (const code of ['Object.freeze({}).toString = 1;', '(1).toString = 1;', '"text".valueOf = 1;']) {
    assert.throws(() => inFrozenPage(code), { name: 'TypeError' }, code);
  }
});
