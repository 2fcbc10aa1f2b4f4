import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { asOne, docTests, jsonLines } from './counts.mjs';

const folder = mkdtempSync(join(tmpdir(), 'nosmoke-counts-'));
after(() => rmSync(folder, { recursive: true }));

function reportOf(...lines) {
  const file = join(folder, 'report.jsonl');
  writeFileSync(file, lines.join('\n'));
  return file;
}

const begun = '{ "type": "suite", "event": "started", "test_count": 3 }';
const good = '{ "type": "test", "name": "f01_in", "event": "ok", "exec_time": 1.5 }';
const bad = '{ "type": "test", "name": "f02_out", "event": "failed", "exec_time": 0.1, "stdout": "left: 1" }';
const ended = '{ "type": "suite", "event": "failed", "passed": 1, "failed": 1 }';

test('tests, their times and failures are read from a report', () => {
  const file = reportOf(
    begun,
    '{ "type": "test", "event": "started", "name": "f01_in" }',
    good,
    'a line',
    bad,
    ended,
  );
  assert.deepEqual(jsonLines({ file })({ code: 101 }), {
    passed: 1,
    failed: 1,
    tests: [
      { name: 'f01_in', seconds: 1.5 },
      { name: 'f02_out', seconds: 0.1, failure: 'left: 1' },
    ],
  });
});

test('a binary that crashed is one failure more', () => {
  reportOf(begun, good);
  const { passed, failed } = jsonLines({ folder })({ code: 101 });
  assert.deepEqual({ passed, failed }, { passed: 1, failed: 1 });
});

test('a runner that fails without naming a test, or runs none, is one failure', () => {
  const none = { passed: 0, failed: 1, tests: [] };
  assert.deepEqual(jsonLines({ file: join(folder, 'missing') })({ code: 0 }), none);
  assert.deepEqual(jsonLines({ folder: join(folder, 'missing') })({ code: 101 }), none);
  assert.deepEqual(jsonLines({ file: reportOf(begun, good, ended) })({ code: 1 }).failed, 1);
  assert.deepEqual(asOne({ code: 2 }), { passed: 0, failed: 1 });
});

test('documentation tests of all crates are added up', () => {
  const text = ['test result: ok. 12 passed; 0 failed;', 'test result: FAILED. 3 passed; 2 failed;'].join(
    '\n',
  );
  assert.deepEqual(docTests({ code: 101, text }), { passed: 15, failed: 2 });
});
