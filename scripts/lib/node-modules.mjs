import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './paths.mjs';
import { npm, run } from './run.mjs';

/**
 * Installs the npm packages of package-lock.json, unless exactly these are installed. Install scripts of packages don't
 * run.
 */
export async function installModules() {
  if (upToDate()) return;
  console.log('Installing the npm packages of package-lock.json.');
  await run(npm, ['ci', '--ignore-scripts', '--no-audit', '--no-fund']);
}

function upToDate() {
  const hidden = join(root, 'node_modules/.package-lock.json');
  if (!existsSync(hidden)) return false;
  const here = packages(hidden);
  const wanted = packages(join(root, 'package-lock.json'));
  return Object.entries(wanted).every(([path, { version, optional }]) => {
    if (path === '' || (optional && !(path in here))) return true;
    return here[path]?.version === version;
  });
}

function packages(file) {
  return JSON.parse(readFileSync(file, 'utf8')).packages;
}
