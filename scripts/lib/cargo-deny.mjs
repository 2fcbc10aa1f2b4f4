import { spawnSync } from 'node:child_process';
import { root } from './paths.mjs';
import { record } from './run.mjs';

const VERSION = '0.20.2';

export function isDenyInstalled() {
  return spawnSync('cargo', ['deny', '--version'], { cwd: root, stdio: 'ignore' }).status === 0;
}

/**
 * Compiles cargo-deny in the background, because crates.io offers no binary. A debug build compiles in half the time,
 * and its checks still take only seconds.
 */
export function installDeny(log) {
  console.log('Installing cargo-deny in the background: it checks licences and sources.');
  return record('cargo', ['install', '--debug', '--locked', '--version', VERSION, 'cargo-deny'], {
    log,
    quiet: true,
    env: { CARGO_PROFILE_DEV_DEBUG: '0', RUSTC_WORKSPACE_WRAPPER: '' },
    timeoutMs: 30 * 60_000,
  });
}
