import { spawnSync } from 'node:child_process';
import { root } from './paths.mjs';
import { record } from './run.mjs';

const VERSION = '0.20.2';

export function denyIsThere() {
  return spawnSync('cargo', ['deny', '--version'], { cwd: root, stdio: 'ignore' }).status === 0;
}

/** Compiles it, for some minutes, beside other steps: there is no ready binary in the registry. */
export function installDeny(log) {
  console.log('Installing cargo-deny beside the other steps: it checks licences and sources.');
  return record('cargo', ['install', '--locked', '--version', VERSION, 'cargo-deny'], {
    log,
    quiet: true,
    timeoutMs: 30 * 60_000,
  });
}
