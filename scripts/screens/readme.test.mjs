import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { root } from '../lib/paths.mjs';
import { README_PICTURES } from './readme.mjs';
import { SCENES } from './scenes.mjs';

test('each picture of the README is taken from a scene, and none is left over', () => {
  const readme = readFileSync(join(root, 'README.md'), 'utf8');
  const shown = [...readme.matchAll(/!\[[^\]]+\]\(docs\/images\/([\w-]+)\.png\)/g)].map(([, name]) => name);
  const names = Object.keys(README_PICTURES).sort();
  assert.deepEqual(shown.sort(), names);
  assert.deepEqual(
    readdirSync(join(root, 'docs/images')).sort(),
    names.map((name) => `${name}.png`),
  );
  for (const scene of Object.values(README_PICTURES)) assert.ok(scene in SCENES, scene);
});
