import { createHash } from 'node:crypto';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { gzipSync } from 'node:zlib';
import { announce, hasSigningKey } from './lib/announce.mjs';
import { deskBinary, headlessBinary, out, root } from './lib/paths.mjs';
import { npm, run } from './lib/run.mjs';
import { noteScreensBuilt, screensAreBuilt } from './lib/screens.mjs';
import { asText, thirdParty } from './licences/list.mjs';
import { prepare } from './prepare.mjs';

// `npm run bundle`: builds the program with the window and `nosmoke`, fully optimised, and packs both as a .deb and an .rpm in
// out/bundle, with their SHA-256 sums. Packing needs no network. `-- --debug` packs the debug build that `cargo build
// --workspace` made, to try the packages themselves; `-- --version 0.1.1` gives them another version, `-- --into FOLDER` puts them elsewhere.
// With a publisher's key in TAURI_SIGNING_PRIVATE_KEY or TAURI_SIGNING_PRIVATE_KEY_PATH it also signs the deb and writes
// latest.json, the file that terminals look at for newer versions; `-- --notes TEXT` is what they show about it.
const { values: given } = parseArgs({
  options: {
    debug: { type: 'boolean', default: false },
    version: { type: 'string' },
    notes: { type: 'string', default: '' },
    into: { type: 'string', default: join(out, 'bundle') },
  },
});
const bundle = resolve(given.into);
const files = join(out, 'bundle/files');
/** The bundler writes into the program that it packs, so it gets a copy. */
const target = join(out, 'bundle/target');
const profile = given.debug ? 'debug' : 'release';

try {
  if (!given.debug) await build();
  stage();
  const config = JSON.stringify(given.version ? { version: given.version } : {});
  const words = ['tauri', 'bundle', '--ci', '--config', config, ...(given.debug ? ['--debug'] : [])];
  await run(join(root, 'node_modules/.bin', words[0]), words.slice(1), { env: { CARGO_TARGET_DIR: target } });
  await collect();
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
}

async function build() {
  await prepare({ windowTests: false, kafka: false, postgres: false });
  if (!screensAreBuilt()) {
    await run(npm, ['run', '--silent', 'build:ui']);
    noteScreensBuilt();
  }
  await run('cargo', ['build', '--locked', '--release', '-p', 'nosmoke-desk', '-p', 'nosmoke-headless']);
}

/** Lays out the files of the packages that aren't in the repository as they are installed. */
function stage() {
  rmSync(files, { recursive: true, force: true });
  for (const folder of ['man1', 'doc']) mkdirSync(join(files, folder), { recursive: true });
  copyFileSync(headlessBinary(profile), join(files, 'nosmoke'));
  rmSync(target, { recursive: true, force: true });
  mkdirSync(join(target, profile), { recursive: true });
  copyFileSync(deskBinary(profile), join(target, profile, 'nosmoke-desk'));
  const linux = join(root, 'packaging/linux');
  for (const page of [...filesIn(linux, '.1'), ...filesIn(join(linux, 'man'), '.1')])
    writeFileSync(join(files, 'man1', `${basename(page)}.gz`), gzipSync(readFileSync(page), { level: 9 }));
  copyFileSync(join(root, 'LICENSE'), join(files, 'doc/copyright'));
  const packed = {
    changelog: readFileSync(join(root, 'CHANGELOG.md')),
    'third-party-licences.txt': asText(thirdParty()),
  };
  for (const [name, text] of Object.entries(packed))
    writeFileSync(join(files, 'doc', `${name}.gz`), gzipSync(text, { level: 9 }));
}

/** Moves the packages to out/bundle, and writes their sums and, with a key, the file that announces the deb. */
async function collect() {
  const kinds = ['deb', 'rpm'];
  mkdirSync(bundle, { recursive: true });
  for (const kind of kinds) for (const old of filesIn(bundle, `.${kind}`)) rmSync(old);
  const made = kinds.flatMap((kind) => filesIn(join(target, profile, 'bundle', kind), `.${kind}`));
  const sums = made.map((path) => {
    const to = join(bundle, basename(path));
    renameSync(path, to);
    return `${createHash('sha256').update(readFileSync(to)).digest('hex')}  ${basename(to)}`;
  });
  writeFileSync(join(bundle, 'SHA256SUMS'), `${sums.join('\n')}\n`);
  const deb = filesIn(bundle, '.deb')[0];
  rmSync(join(bundle, 'latest.json'), { force: true });
  if (hasSigningKey()) await announce(deb, given.notes);
  console.log(`${sums.join('\n')}\nin ${bundle}`);
}

function filesIn(folder, ending) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => name.endsWith(ending))
    .map((name) => join(folder, name));
}
