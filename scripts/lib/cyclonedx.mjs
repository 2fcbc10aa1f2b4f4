import { spawnSync } from 'node:child_process';
import { root } from './paths.mjs';
import { record } from './run.mjs';

/** The tools that write the lists, in the versions that are tried. */
export const cycloneDx = { cargo: '0.5.9', npm: '@cyclonedx/cyclonedx-npm@6.0.1' };

export function isCycloneDxInstalled() {
  return spawnSync('cargo', ['cyclonedx', '--version'], { cwd: root, stdio: 'ignore' }).status === 0;
}

/** Compiles cargo-cyclonedx, because crates.io offers no binary. */
export function installCycloneDx(log) {
  console.log('Installing cargo-cyclonedx: it lists what the programs are made of.');
  return record(
    'cargo',
    ['install', '--debug', '--locked', '--version', cycloneDx.cargo, 'cargo-cyclonedx'],
    {
      log,
      quiet: true,
      env: { CARGO_PROFILE_DEV_DEBUG: '0', RUSTC_WORKSPACE_WRAPPER: '' },
      timeoutMs: 30 * 60_000,
    },
  );
}
