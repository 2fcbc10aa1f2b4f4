import assert from 'node:assert/strict';
import { test } from 'node:test';
import { converse, exitCode } from './run.mjs';

test("a program that a signal ended has the shell's exit code", async () => {
  assert.equal(exitCode(3, null), 3);
  assert.equal(exitCode(null, 'SIGINT'), 130);
  const script = (end) => converse(process.execPath, ['-e', end]);
  assert.equal(await script('process.exitCode = 7'), 7);
  if (process.platform !== 'win32') assert.equal(await script("process.kill(process.pid, 'SIGTERM')"), 143);
});
