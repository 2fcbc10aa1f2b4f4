import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './paths.mjs';

/** Returns the names of the tests in the tables of docs/security.md, each once. */
export function namedTests() {
  const text = readFileSync(join(root, 'docs/security.md'), 'utf8');
  const lastCells = [...text.matchAll(/^\|.*\|([^|]+)\|$/gm)].map(([, cell]) => cell);
  const names = lastCells.flatMap((cell) => [...cell.matchAll(/`(\w+)`/g)].map(([, name]) => name));
  return [...new Set(names)];
}

/** Returns the names of all functions in the Rust sources, among them the tests. */
export function rustFunctions() {
  const folders = ['crates', 'src-tauri/src', 'tests'];
  const files = folders.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true })
      .filter((name) => name.endsWith('.rs'))
      .map((name) => readFileSync(join(root, folder, name), 'utf8')),
  );
  return new Set(files.flatMap((text) => [...text.matchAll(/\bfn (\w+)/g)].map(([, name]) => name)));
}
