import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { root } from '../lib/paths.mjs';
import { textsOf } from './texts.mjs';

/** The programs that people get. */
const PROGRAMS = ['nosmoke-desk', 'nosmoke-headless'];

/** Libraries in C whose source a crate brings along, by the crate's name, with the files of their licence. */
const EMBEDDED = {
  'rdkafka-sys': { name: 'librdkafka', licence: 'BSD-2-Clause', files: ['librdkafka/LICENSES.txt'] },
  'zstd-sys': { name: 'zstd', licence: 'BSD-3-Clause', files: ['zstd/LICENSE'] },
  'libsqlite3-sys': {
    name: 'SQLite',
    licence: 'Public domain',
    text: 'The authors disclaim copyright to this source code: https://www.sqlite.org/copyright.html',
  },
};

const ask = (program, ...words) =>
  execFileSync(program, words, {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 256 * 1024 * 1024,
    stdio: ['ignore', 'pipe', 'pipe'],
  });

/** The crates that the programs link on this system, and the standard library. */
export function rustPackages() {
  const compiler = ask('rustc', '--version', '--verbose');
  const host = /^host: (.*)$/m.exec(compiler)[1];
  const metadata = JSON.parse(
    ask('cargo', 'metadata', '--locked', '--format-version', '1', '--filter-platform', host),
  );
  const byId = new Map(metadata.packages.map((it) => [it.id, it]));
  const linked = [...linkedIds(metadata, byId)].map((id) => byId.get(id));
  const foreign = linked.filter(({ source }) => source !== null);
  return [
    {
      name: 'Rust standard library',
      version: /^release: (.*)$/m.exec(compiler)[1],
      licence: 'MIT OR Apache-2.0',
      source: 'https://github.com/rust-lang/rust',
      texts: textsOf({ licence: 'MIT OR Apache-2.0', authors: ['The Rust Project contributors'] }),
    },
    ...foreign.flatMap((crate) => [crateEntry(crate), ...embeddedEntry(crate)]),
  ];
}

/** Follows the normal dependencies of the programs; macros run while compiling and are linked to nothing. */
function linkedIds({ resolve }, byId) {
  const nodes = new Map(resolve.nodes.map((node) => [node.id, node]));
  const isMacro = (id) => byId.get(id).targets.some(({ kind }) => kind.includes('proc-macro'));
  const found = new Set();
  const visit = (id) => {
    if (found.has(id) || isMacro(id)) return;
    found.add(id);
    for (const { pkg, dep_kinds } of nodes.get(id).deps)
      if (dep_kinds.some(({ kind }) => kind === null)) visit(pkg);
  };
  for (const { id, name } of byId.values()) if (PROGRAMS.includes(name)) visit(id);
  return found;
}

function crateEntry(crate) {
  // `A/B` is the earlier way to write `A OR B`.
  const licence = (crate.license ?? 'see its text').replaceAll('/', ' OR ');
  return {
    name: crate.name,
    version: crate.version,
    licence,
    source: crate.repository ?? `https://crates.io/crates/${crate.name}`,
    texts: textsOf({
      licence,
      folder: dirname(crate.manifest_path),
      file: crate.license_file,
      authors: crate.authors,
    }),
  };
}

function embeddedEntry(crate) {
  const embedded = EMBEDDED[crate.name];
  if (!embedded) return [];
  const { name, licence, files = [], text } = embedded;
  const folder = dirname(crate.manifest_path);
  const texts = text ? [text] : files.map((file) => readFileSync(join(folder, file), 'utf8').trim());
  const version = crate.version.split('+')[1] ?? `in ${crate.name} ${crate.version}`;
  return [{ name, version, licence, source: crate.repository, texts }];
}
