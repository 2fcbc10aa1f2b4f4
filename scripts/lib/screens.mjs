import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { out, root } from './paths.mjs';

const stamp = join(out, 'screens-built-from');
const index = join(root, 'ui/dist/index.html');

/** Hashes the names and contents of all files below a folder. */
export function hashOfFolder(folder, skip = () => false) {
  const hash = createHash('sha256');
  const visit = (path) => {
    for (const entry of readdirSync(path, { withFileTypes: true }).sort((a, b) =>
      a.name < b.name ? -1 : 1,
    )) {
      const child = join(path, entry.name);
      if (skip(child)) continue;
      if (entry.isDirectory()) visit(child);
      else hash.update(relative(folder, child)).update('\0').update(readFileSync(child)).update('\0');
    }
  };
  if (existsSync(folder)) visit(folder);
  return hash.digest('hex');
}

function source() {
  const ui = join(root, 'ui');
  const made = [join(ui, 'dist'), join(ui, 'node_modules')];
  const sources = hashOfFolder(ui, (path) => made.includes(path)) + hashOfFolder(join(root, 'docs/guide'));
  const hash = createHash('sha256')
    .update(sources)
    .update(hashOfFolder(join(root, 'scripts/licences')));
  // The screens show the licences of all dependencies.
  for (const lock of ['package-lock.json', 'Cargo.lock']) hash.update(readFileSync(join(root, lock)));
  return hash.digest('hex');
}

/**
 * Returns true if ui/dist was built from the present sources. A needless build would change its files, and cargo would
 * compile the program again, which embeds them.
 */
export function screensAreBuilt() {
  return existsSync(index) && existsSync(stamp) && readFileSync(stamp, 'utf8') === source();
}

export function noteScreensBuilt() {
  mkdirSync(out, { recursive: true });
  writeFileSync(stamp, source());
}
