import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { judge } from './npm-audit.mjs';
import { root } from './paths.mjs';

const read = (name) => readFileSync(join(root, name), 'utf8');

test('every npm package of the lock has an integrity and comes from the registry', () => {
  const { packages } = JSON.parse(read('package-lock.json'));
  const entries = Object.entries(packages).filter(([path, entry]) => path !== '' && !entry.link);
  assert.ok(entries.length > 100);
  const isPinned = ({ integrity = '', resolved = 'https://registry.npmjs.org/' }) =>
    integrity.startsWith('sha512-') && resolved.startsWith('https://registry.npmjs.org/');
  assert.deepEqual(
    entries.filter(([, entry]) => !isPinned(entry)).map(([path]) => path),
    [],
  );
});

test('every exception of an advisory has a date and a reason', () => {
  const ignored = [...read('deny.toml').matchAll(/id = "(RUSTSEC-\d{4}-\d{4})", reason = "([^"]*)"/g)];
  const named = [...read('deny.toml').matchAll(/RUSTSEC-\d{4}-\d{4}/g)];
  assert.equal(ignored.length, named.length);
  for (const [, id, reason] of ignored) assert.match(reason, /^\d{4}-\d{2}-\d{2}: .{10}/, id);
  for (const { id, since, reason } of JSON.parse(read('scripts/npm-advisories.json'))) {
    assert.match(id, /^GHSA-/);
    assert.match(since, /^\d{4}-\d{2}-\d{2}$/);
    assert.ok(reason.length > 10, id);
  }
});

test('a report of npm audit is judged by the exceptions and their age', () => {
  const advisory = {
    url: 'https://github.com/advisories/GHSA-1',
    severity: 'high',
    name: 'x',
    title: 'a hole',
  };
  const report = JSON.stringify({ vulnerabilities: { x: { via: [advisory] }, y: { via: ['x'] } } });
  const at = (day, exceptions) => judge(report, exceptions, new Date(day));
  const accepted = [{ id: 'GHSA-1', since: '2026-12-01', reason: 'only used in tests' }];
  assert.deepEqual(at('2026-12-02', []).problems, ['GHSA-1 high x: a hole']);
  assert.deepEqual(at('2026-12-02', accepted).problems, []);
  assert.equal(at('2027-12-02', accepted).problems.length, 1);
  assert.equal(judge('{"vulnerabilities":{}}', accepted, new Date()).notes.length, 1);
  assert.match(judge('{"message":"405"}', [], new Date()).problems[0], /could not ask/);
  assert.match(judge('npm error', [], new Date()).problems[0], /no report/);
});

test('the workspace and the npm package have one version, which the changelog describes', () => {
  const [, ofCargo] = /^version = "([^"]+)"$/m.exec(read('Cargo.toml'));
  assert.equal(JSON.parse(read('package.json')).version, ofCargo);
  const days = [...read('CHANGELOG.md').matchAll(/^## \[(\d+\.\d+\.\d+)\] - \d{4}-\d{2}-\d{2}$/gm)];
  assert.equal(days[0][1], ofCargo, 'the newest version of the changelog');
});
