import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { root } from '../lib/paths.mjs';
import { asText, thirdParty } from './list.mjs';
import { textsOf } from './texts.mjs';

const { packages, texts } = thirdParty();

test('every crate that the programs link is listed with its licence', () => {
  const words = [
    'tree',
    '--locked',
    '--edges',
    'normal,no-proc-macro',
    '--prefix',
    'none',
    '--format',
    '{p}',
  ];
  const programs = ['--package', 'nosmoke-desk', '--package', 'nosmoke-headless'];
  const tree = execFileSync('cargo', [...words, ...programs], { cwd: root, encoding: 'utf8' });
  const linked = new Set(
    tree
      .split('\n')
      .filter((line) => line !== '' && !line.includes(`(${root}`))
      .map((line) => line.replace(/^(\S+) v(\S+).*$/, '$1 $2')),
  );
  const listed = new Set(packages.map(({ name, version }) => `${name} ${version}`));
  assert.ok(linked.size > 300);
  assert.deepEqual(
    [...linked].filter((name) => !listed.has(name)),
    [],
  );
});

test('every package of the list has a licence, its text and where it comes from', () => {
  for (const { name, licence, source, texts: own } of packages) {
    assert.ok(licence.length > 2 && source.startsWith('http'), name);
    assert.ok(own.length > 0 && own.every((index) => texts[index].length > 50), name);
  }
  const named = new Set(packages.map(({ name }) => name));
  for (const name of ['Rust standard library', 'librdkafka', 'SQLite', 'react', 'pretendard'])
    assert.ok(named.has(name), name);
});

test('the list as text has each package and each text', () => {
  const text = asText({
    packages: [{ name: 'a', version: '1', licence: 'MIT', source: 'https://a', texts: [0] }],
    texts: ['do what you like'],
  });
  assert.match(text, /^a 1: MIT, https:\/\/a$/m);
  assert.match(text, /^a 1$\n\ndo what you like$/m);
});

test('of several licences MIT is chosen, notices stay, and a missing text is the standard one', () => {
  const folder = mkdtempSync(join(tmpdir(), 'licences-'));
  try {
    const write = (name, text) => writeFileSync(join(folder, name), text);
    write('LICENSE-MIT', 'mit');
    write('LICENSE-APACHE', 'apache');
    write('NOTICE', 'notice');
    const of = (licence) => textsOf({ licence, folder, authors: ['Kim'] });
    assert.deepEqual(of('MIT OR Apache-2.0'), ['mit', 'notice']);
    assert.deepEqual(of('MIT AND Apache-2.0'), ['apache', 'mit', 'notice']);
    rmSync(folder, { recursive: true });
    mkdirSync(folder);
    write('LICENSE', '../LICENSE-MIT');
    assert.match(of('ISC OR MIT')[0], /^Copyright \(c\) Kim\n\nPermission is hereby granted/);
    assert.throws(() => of('Unheard-Of'), /no text of the licence Unheard-Of/);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
