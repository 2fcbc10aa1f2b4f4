import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const STANDARD = fileURLToPath(new URL('texts', import.meta.url));
const LICENCE_FILE = /^(un)?licen[cs]e|^copying|^copyright|^ofl/i;
const NOTICE_FILE = /^notice/i;
/** A package of a workspace may have the path of the file instead, as a link that was packed as text. */
const isPath = (text) => text.includes('/') && !/\s/.test(text);

/**
 * The texts under which a package is used: its own files, and the standard text of its licence if it brings none. Where it
 * may be used under MIT or another licence, MIT is chosen.
 */
export function textsOf({ licence, folder, file, authors = [] }) {
  const files = folder === undefined ? [] : licenceFiles(folder);
  if (file && existsSync(join(folder, file))) files.push(join(folder, file));
  const ofLicence = files.filter((path) => !NOTICE_FILE.test(basename(path)));
  const ofMit = ofLicence.filter((path) => /mit/i.test(basename(path)));
  const chosen = offersMit(licence) && ofMit.length > 0 ? ofMit : ofLicence;
  const notices = files.filter((path) => NOTICE_FILE.test(basename(path)));
  const read = (paths) =>
    paths.map((path) => readFileSync(path, 'utf8').trim()).filter((text) => !isPath(text));
  const texts = read(chosen);
  if (texts.length === 0) texts.push(standardText(licence, authors));
  return [...new Set([...texts, ...read(notices)])];
}

const offersMit = (licence) => / OR /.test(licence) && /\bMIT\b/.test(licence) && !/ AND /.test(licence);

function licenceFiles(folder) {
  const isOne = (name) => LICENCE_FILE.test(name) || NOTICE_FILE.test(name);
  const inFolder = (path) =>
    readdirSync(path)
      .sort()
      .map((name) => join(path, name));
  return inFolder(folder)
    .filter((path) => isOne(basename(path)))
    .flatMap((path) => (statSync(path).isDirectory() ? inFolder(path) : [path]))
    .filter((path) => statSync(path).isFile() && !/\.(rs|js|mjs|ts|json|html)$/.test(path));
}

/** The text of the first licence of an expression of which there is one here, with the authors that the package names. */
function standardText(licence, authors) {
  const names = licence.split(/ OR | AND |[()]/).map((name) => name.trim());
  const known = [...names.filter((name) => name === 'MIT'), ...names].find((name) =>
    existsSync(join(STANDARD, `${name}.txt`)),
  );
  if (known === undefined) throw new Error(`no text of the licence ${licence}: add it to ${STANDARD}`);
  const holders = authors.length > 0 ? authors.join(', ') : 'the authors';
  return `Copyright (c) ${holders}\n\n${readFileSync(join(STANDARD, `${known}.txt`), 'utf8').trim()}`;
}
