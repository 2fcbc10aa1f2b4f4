import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { root } from './paths.mjs';
import { run } from './run.mjs';

const TARGETS = { amd64: 'linux-x86_64-deb', arm64: 'linux-aarch64-deb' };

/** The publisher's private key as the environment names it: `TAURI_SIGNING_PRIVATE_KEY` or `…_PATH`. */
export const hasSigningKey = () =>
  Boolean(process.env.TAURI_SIGNING_PRIVATE_KEY || process.env.TAURI_SIGNING_PRIVATE_KEY_PATH);

/**
 * Signs a deb as its version and writes `latest.json` beside it, the file that terminals look at. The package is named
 * relative to that file, so both may be published in any folder.
 */
export async function announce(deb, notes) {
  const [, version, architecture] = /^[^_]+_([^_]+)_([^_]+)\.deb$/.exec(basename(deb)) ?? [];
  const target = TARGETS[architecture];
  if (target === undefined) throw new Error(`${basename(deb)} isn't named like a package of Debian`);
  const tauri = join(root, 'node_modules/.bin/tauri');
  // Without a password the command would ask for one.
  const password = process.env.TAURI_SIGNING_PRIVATE_KEY_PASSWORD ?? '';
  await run(tauri, ['signer', 'sign', '--app-version', version, deb], {
    env: { TAURI_SIGNING_PRIVATE_KEY_PASSWORD: password },
  });
  const signature = readFileSync(`${deb}.sig`, 'utf8').trim();
  rmSync(`${deb}.sig`);
  const platforms = { [target]: { url: basename(deb), signature } };
  const latest = { version, notes, pub_date: new Date().toISOString(), platforms };
  writeFileSync(join(deb, '..', 'latest.json'), `${JSON.stringify(latest, null, 2)}\n`);
}
