import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../lib/paths.mjs';
import { textsOf } from './texts.mjs';

/** The npm packages that the screens depend on, with what those depend on. */
export function npmPackages() {
  const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'));
  const found = new Set();
  const visit = (from) => {
    const { dependencies = {}, peerDependencies = {}, peerDependenciesMeta = {} } = packages[from];
    const peers = Object.keys(peerDependencies).filter((name) => !peerDependenciesMeta[name]?.optional);
    for (const name of [...Object.keys(dependencies), ...peers]) {
      const path = resolve(packages, from, name);
      if (path === null || found.has(path)) continue;
      found.add(path);
      visit(path);
    }
  };
  visit('');
  return [...found].map((path) => entry(path, packages[path]));
}

/** Finds a package as Node does: in the `node_modules` of the package that asks, then in those above it. */
function resolve(packages, from, name) {
  for (let at = from; ; at = at.slice(0, Math.max(0, at.lastIndexOf('node_modules/') - 1))) {
    const path = at === '' ? `node_modules/${name}` : `${at}/node_modules/${name}`;
    if (path in packages) return path;
    if (at === '') return null;
  }
}

function entry(path, { version, license }) {
  const folder = join(root, path);
  const name = path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);
  const { author } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  // Some packages have their licence beside what they ship.
  const file = ['dist/LICENSE.txt', 'dist/LICENSE'].find((it) => existsSync(join(folder, it)));
  const authors = [typeof author === 'string' ? author : author?.name].filter(Boolean);
  return {
    name,
    version,
    licence: license,
    source: `https://www.npmjs.com/package/${name}`,
    texts: textsOf({ licence: license, folder, file, authors }),
  };
}
