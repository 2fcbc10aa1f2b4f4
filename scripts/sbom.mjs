import { mkdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { cycloneDx, installCycloneDx, isCycloneDxInstalled } from './lib/cyclonedx.mjs';
import { out, root } from './lib/paths.mjs';
import { npm, record, run } from './lib/run.mjs';

// `npm run sbom`: writes what the programs are made of as CycloneDX 1.5 into out/sbom: `nosmoke-desk.cdx.json` and
// `nosmoke.cdx.json` of the two programs, `screens.cdx.json` of the npm packages. It installs its two tools when they are
// missing, which needs the network.
const sbom = join(out, 'sbom');
const programs = {
  'nosmoke-desk': join(root, 'src-tauri'),
  nosmoke: join(root, 'crates/headless'),
};

try {
  rmSync(sbom, { recursive: true, force: true });
  mkdirSync(sbom, { recursive: true });
  if (!isCycloneDxInstalled()) {
    const { code, text } = await installCycloneDx(join(sbom, 'install.log'));
    if (code !== 0) throw new Error(text);
  }
  for (const [name, folder] of Object.entries(programs)) await ofProgram(name, folder);
  await ofScreens();
  console.log(`in ${sbom}`);
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
}

/** cargo-cyclonedx writes beside the manifest of each crate that it visits. */
async function ofProgram(name, folder) {
  const words = ['cyclonedx', '--format', 'json', '--spec-version', '1.5', '--describe', 'crate'];
  await run('cargo', [
    ...words,
    '--override-filename',
    'sbom',
    '--manifest-path',
    join(folder, 'Cargo.toml'),
  ]);
  renameSync(join(folder, 'sbom.json'), join(sbom, `${name}.cdx.json`));
}

async function ofScreens() {
  const file = join(sbom, 'screens.cdx.json');
  const words = ['exec', '--yes', '--', cycloneDx.npm, '--omit', 'dev', '--spec-version', '1.5'];
  const options = ['--package-lock-only', '--output-format', 'JSON', '--output-file', file];
  const { code, text } = await record(npm, [...words, ...options], {
    log: join(sbom, 'npm.log'),
    quiet: true,
    timeoutMs: 10 * 60_000,
  });
  if (code !== 0) throw new Error(text);
}
