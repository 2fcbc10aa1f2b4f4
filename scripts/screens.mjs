import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { out, root } from './lib/paths.mjs';
import { axeFaults, inLanguage, LANGUAGES, THEMES, tableOf, withTheme } from './screens/axe.mjs';
import { openScreens } from './screens/browser.mjs';
import { findCutOnPaper, findFaults } from './screens/layout.mjs';
import { pageOf } from './screens/page.mjs';
import { findMissed } from './screens/planted.mjs';
import { README_PICTURES, README_SIZE } from './screens/readme.mjs';
import { SCENES } from './screens/scenes.mjs';

/**
 * `npm run screens [scene…] [size…]`: takes a picture of each scene in each size of window and zoom (`1024x700@150`)
 * into out/screens/, and checks that no text is cut, nothing scrolls sideways and nothing covers another. Words choose
 * the scenes whose names contain one of them. What is for paper is also printed. Before that it plants faults into a
 * page, each of which the check must find. Needs Chromium.
 *
 * `npm run screens -- --readme` takes the README's pictures again, into docs/images.
 *
 * `npm run screens -- --axe [scene…]` asks axe about each scene instead, in both languages and themes, and writes the table
 * of what it found to out/screens/axe.md.
 */
const SIZES = [
  { width: 1024, height: 700, zoom: 100 },
  { width: 1024, height: 700, zoom: 150 },
  { width: 1280, height: 800, zoom: 100 },
  { width: 1280, height: 800, zoom: 150 },
  { width: 1920, height: 1080, zoom: 100 },
  { width: 1920, height: 1080, zoom: 150 },
  { width: 1024, height: 700, zoom: 200 },
];
const pictures = join(out, 'screens');

const isSize = (word) => /^\d+x\d+@\d+$/.test(word);
const isAxe = process.argv.includes('--axe');
const isReadme = process.argv.includes('--readme');
const words = process.argv.slice(2).filter((word) => !isSize(word) && !word.startsWith('--'));
const sizesAsked = process.argv.slice(2).filter(isSize);
const sizes = SIZES.filter(
  ({ width, height, zoom }) => sizesAsked.length === 0 || sizesAsked.includes(`${width}x${height}@${zoom}`),
);
const scenes = Object.entries(SCENES).filter(
  ([name]) => words.length === 0 || words.some((word) => name.includes(word)),
);
mkdirSync(pictures, { recursive: true });
const { browser, url, close } = await openScreens();
let faults = 0;

const resize = ({ width, height, zoom }) =>
  browser.sendCommand('Emulation.setDeviceMetricsOverride', {
    width: Math.floor((width * 100) / zoom),
    height: Math.floor((height * 100) / zoom),
    deviceScaleFactor: zoom / 100,
    mobile: false,
  });

/** Asks axe about every scene, and returns how much it found. */
async function askAxe() {
  const page = pageOf(browser);
  await resize({ width: 1280, height: 800, zoom: 100 });
  const rows = [];
  for (const [name, { at, ready, open }] of scenes) {
    const found = {};
    for (const language of LANGUAGES) {
      const there = inLanguage(at, language);
      if (there === null) continue;
      let missed = null;
      try {
        await browser.url(`${url}${there}`);
        await page.waitFor(ready);
        await open(page);
        await page.settle();
      } catch (error) {
        missed = `isn't reached: ${error.message}`;
      }
      for (const theme of THEMES) {
        const column = `${language} ${theme}`;
        if (missed === null) await withTheme(browser, theme);
        found[column] = missed === null ? await axeFaults(browser) : [missed];
        for (const what of new Set(found[column])) console.log(`${name} ${column}: ${what}`);
      }
    }
    rows.push({ name, found });
  }
  const table = tableOf(rows);
  writeFileSync(join(pictures, 'axe.md'), `${table}\n`);
  console.log(table.split('\n').at(-1));
  return rows.flatMap(({ found }) => Object.values(found).flat()).length;
}

try {
  if (isAxe) faults = await askAxe();
  else if (isReadme) await takeReadmePictures();
  else await takePictures();
} finally {
  await close();
}
if (!isAxe && !isReadme) console.log(`${faults} faults in ${scenes.length} scenes of ${sizes.length} sizes`);
process.exitCode = faults === 0 ? 0 : 1;

async function takeReadmePictures() {
  const page = pageOf(browser);
  await resize(README_SIZE);
  for (const [name, scene] of Object.entries(README_PICTURES)) {
    const { at, ready, open } = SCENES[scene];
    await browser.url(`${url}${at}`);
    await page.waitFor(ready);
    await open(page);
    await page.settle();
    const picture = Buffer.from(await browser.takeScreenshot(), 'base64');
    writeFileSync(join(root, 'docs/images', `${name}.png`), picture);
    console.log(`docs/images/${name}.png: ${scene}`);
  }
}

/** Takes the pictures, and checks what is on them. */
async function takePictures() {
  const page = pageOf(browser);
  const save = async (name) =>
    writeFileSync(join(pictures, `${name}.png`), Buffer.from(await browser.takeScreenshot(), 'base64'));
  await browser.url(url);
  await page.waitFor('search');
  const missed = await findMissed(browser);
  for (const what of missed) console.log(`a planted fault isn't found: ${what}`);
  faults += missed.length;
  for (const { width, height, zoom } of sizes) {
    await resize({ width, height, zoom });
    for (const [name, { at, ready, pages, open }] of scenes) {
      const scene = `${name} ${width}x${height} ${zoom}%`;
      try {
        await browser.url(`${url}${at}`);
        await page.waitFor(ready);
        await open(page);
        await page.settle();
      } catch (error) {
        console.log(`${scene}: isn't reached: ${error.message}`);
        faults += 1;
        await save(`${name}-${width}-${zoom}-not-reached`);
        continue;
      }
      await save(`${name}-${width}-${zoom}`);
      const { names, ...found } = await browser.execute(findFaults);
      for (const [kind, all] of Object.entries(found)) {
        for (const what of new Set(all)) console.log(`${scene}: ${kind}: ${what}`);
        faults += all.length;
      }
      if (pages !== undefined && zoom === 100) {
        await browser.sendCommand('Emulation.setEmulatedMedia', { media: 'print' });
        for (const what of await browser.execute(findCutOnPaper)) {
          console.log(`${scene}: cut on paper: ${what}`);
          faults += 1;
        }
        await browser.sendCommand('Emulation.setEmulatedMedia', { media: '' });
        const pdf = Buffer.from(await browser.printPage(), 'base64');
        writeFileSync(join(pictures, `${name}-${width}-${zoom}.pdf`), pdf);
        const printed = pdf.toString('latin1').match(/\/Type\s*\/Page\b/g)?.length ?? 0;
        console.log(`${scene}: ${printed} printed pages`);
        faults += printed === 0 || printed > pages ? 1 : 0;
      }
      for (const what of new Set(names)) console.log(`${scene}: a name is shortened: ${what}`);
    }
  }
}
