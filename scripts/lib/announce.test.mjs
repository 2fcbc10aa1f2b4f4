import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { announce } from './announce.mjs';
import { root } from './paths.mjs';

test('a package is announced with a signature of its version', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'announce-'));
  try {
    const key = join(folder, 'key');
    const made = spawnSync(
      join(root, 'node_modules/.bin/tauri'),
      ['signer', 'generate', '--ci', '-p', '', '-w', key],
      { encoding: 'utf8' },
    );
    assert.equal(made.status, 0, made.stderr);
    process.env.TAURI_SIGNING_PRIVATE_KEY_PATH = key;
    const deb = join(folder, 'nosmoke-desk_0.2.0_amd64.deb');
    writeFileSync(deb, 'package');
    await announce(deb, 'faster');
    const { version, notes, platforms } = JSON.parse(readFileSync(join(folder, 'latest.json'), 'utf8'));
    assert.deepEqual([version, notes], ['0.2.0', 'faster']);
    const { url, signature } = platforms['linux-x86_64-deb'];
    assert.equal(url, 'nosmoke-desk_0.2.0_amd64.deb');
    assert.match(Buffer.from(signature, 'base64').toString(), /\tversion:0\.2\.0\n/);
    assert.deepEqual(readdirSync(folder).sort(), [
      'key',
      'key.pub',
      'latest.json',
      'nosmoke-desk_0.2.0_amd64.deb',
    ]);
    await assert.rejects(announce(join(folder, 'a.rpm'), ''), /isn't named like/);
  } finally {
    delete process.env.TAURI_SIGNING_PRIVATE_KEY_PATH;
    rmSync(folder, { recursive: true });
  }
});
