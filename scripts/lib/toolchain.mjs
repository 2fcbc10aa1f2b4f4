import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './paths.mjs';

const NODE_MAJOR = 20;

export function checkNode() {
  const [major] = process.versions.node.split('.').map(Number);
  if (major < NODE_MAJOR)
    throw new Error(`Node ${NODE_MAJOR} or newer is needed; this is ${process.version}.`);
}

/** Throws unless cargo has the version pinned in rust-toolchain.toml. rustup installs that version by itself. */
export function checkRust() {
  const pinned = /channel = "(.+)"/.exec(readFileSync(join(root, 'rust-toolchain.toml'), 'utf8'))[1];
  const found = spawnSync('cargo', ['--version'], { cwd: root, encoding: 'utf8' });
  if (found.error) {
    throw new Error(
      `Rust ${pinned} is needed, and no cargo was found. Install rustup (https://rustup.rs, on newer Debian also ` +
        '`apt-get install rustup`), open a new terminal and run this again. The rustc of Debian itself is too old.',
    );
  }
  if (found.status !== 0) throw new Error(`cargo does not run here:\n${found.stderr}`);
  const version = /^cargo (\S+)/.exec(found.stdout)?.[1] ?? 'unknown';
  if (version !== pinned) {
    throw new Error(
      `Rust ${pinned} is needed; cargo here is ${version}. With rustup: rustup toolchain install ${pinned}`,
    );
  }
}
