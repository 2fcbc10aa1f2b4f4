import { mkdirSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
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
 * `npm run screens -- --axe [scene…]` shows each scene in both languages and themes instead: it asks axe about each, checks
 * the layout of each language, takes the pictures into a folder for each language and theme (out/screens/ko-light), and
 * writes the table of what axe found to out/screens/axe.md.
 *
 * Several browsers share the scenes.
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
/** One browser more than processors, because a browser often waits; each needs about 300 MB. */
const BROWSERS_MAX = 8;
const browserCount = Math.min(availableParallelism() + 1, BROWSERS_MAX, scenes.length);
const { browsers, url, close } = await openScreens(isReadme ? 1 : browserCount);
let faults = 0;

/** Gives each item to the next browser that is free. */
async function share(items, work) {
  const waiting = items.entries();
  const takeTurns = async (browser) => {
    for (const [index, item] of waiting) await work(browser, item, index);
  };
  await Promise.all(browsers.map(takeTurns));
}

const resize = (browser, { width, height, zoom }) =>
  browser.sendCommand('Emulation.setDeviceMetricsOverride', {
    width: Math.floor((width * 100) / zoom),
    height: Math.floor((height * 100) / zoom),
    deviceScaleFactor: zoom / 100,
    mobile: false,
  });

const save = async (browser, path) =>
  writeFileSync(path, Buffer.from(await browser.takeScreenshot(), 'base64'));

/** Opens a scene at an address. Returns why it isn't reached, or null. */
async function reach(browser, { ready, open }, address) {
  const page = pageOf(browser);
  try {
    await browser.url(address);
    await page.waitFor(ready);
    await open(page);
    await page.settle();
    return null;
  } catch (error) {
    return `isn't reached: ${error.message}`;
  }
}

/** Checks what is on the page, and says which names are shortened. */
async function checkLayout(browser, scene) {
  const { names, ...found } = await browser.execute(findFaults);
  for (const [kind, all] of Object.entries(found)) {
    for (const what of new Set(all)) console.log(`${scene}: ${kind}: ${what}`);
    faults += all.length;
  }
  for (const what of new Set(names)) console.log(`${scene}: a name is shortened: ${what}`);
}

/** Asks axe about every scene in each language and theme, and takes its picture. */
async function askAxe() {
  const folderOf = (language, theme) => join(pictures, `${language}-${theme}`);
  for (const language of LANGUAGES)
    for (const theme of THEMES) mkdirSync(folderOf(language, theme), { recursive: true });
  for (const browser of browsers) await resize(browser, { width: 1280, height: 800, zoom: 100 });
  const rows = scenes.map(([name]) => ({ name, found: {} }));
  const turns = rows.flatMap((row) => LANGUAGES.map((language) => ({ row, language })));
  await share(turns, async (browser, { row: { name, found }, language }) => {
    const scene = SCENES[name];
    const there = inLanguage(scene.at, language);
    if (there === null) return;
    const missed = await reach(browser, scene, url + there);
    if (missed === null) await checkLayout(browser, `${name} ${language}`);
    for (const theme of THEMES) {
      const column = `${language} ${theme}`;
      if (missed === null) await withTheme(browser, theme);
      await save(browser, join(folderOf(language, theme), `${name}.png`));
      found[column] = missed === null ? await axeFaults(browser) : [missed];
      for (const what of new Set(found[column])) console.log(`${name} ${column}: ${what}`);
    }
  });
  const table = tableOf(rows);
  writeFileSync(join(pictures, 'axe.md'), `${table}\n`);
  console.log(table.split('\n').at(-1));
  faults += rows.flatMap(({ found }) => Object.values(found).flat()).length;
}

try {
  if (isAxe) await askAxe();
  else if (isReadme) await takeReadmePictures(browsers[0]);
  else await takePictures();
} finally {
  await close();
}
const sizesChecked = isAxe ? 1 : sizes.length;
if (!isReadme) console.log(`${faults} faults in ${scenes.length} scenes of ${sizesChecked} sizes`);
process.exitCode = faults === 0 ? 0 : 1;

async function takeReadmePictures(browser) {
  await resize(browser, README_SIZE);
  for (const [name, scene] of Object.entries(README_PICTURES)) {
    const missed = await reach(browser, SCENES[scene], url + SCENES[scene].at);
    if (missed !== null) throw new Error(`${scene} ${missed}`);
    await save(browser, join(root, 'docs/images', `${name}.png`));
    console.log(`docs/images/${name}.png: ${scene}`);
  }
}

/** Takes the pictures, and checks what is on them. */
async function takePictures() {
  await browsers[0].url(url);
  await pageOf(browsers[0]).waitFor('search');
  const missed = await findMissed(browsers[0]);
  for (const what of missed) console.log(`a planted fault isn't found: ${what}`);
  faults += missed.length;
  for (const size of sizes) {
    for (const browser of browsers) await resize(browser, size);
    await share(scenes, (browser, [name, scene]) => takePicture(browser, name, scene, size));
  }
}

async function takePicture(browser, name, { at, pages, ...scene }, { width, height, zoom }) {
  const shown = `${name} ${width}x${height} ${zoom}%`;
  const file = join(pictures, `${name}-${width}-${zoom}`);
  const missed = await reach(browser, scene, url + at);
  if (missed !== null) {
    console.log(`${shown}: ${missed}`);
    faults += 1;
    await save(browser, `${file}-not-reached.png`);
    return;
  }
  await save(browser, `${file}.png`);
  await checkLayout(browser, shown);
  if (pages === undefined || zoom !== 100) return;
  await browser.sendCommand('Emulation.setEmulatedMedia', { media: 'print' });
  for (const what of await browser.execute(findCutOnPaper)) {
    console.log(`${shown}: cut on paper: ${what}`);
    faults += 1;
  }
  await browser.sendCommand('Emulation.setEmulatedMedia', { media: '' });
  const pdf = Buffer.from(await browser.printPage(), 'base64');
  writeFileSync(`${file}.pdf`, pdf);
  const printed = pdf.toString('latin1').match(/\/Type\s*\/Page\b/g)?.length ?? 0;
  console.log(`${shown}: ${printed} printed pages`);
  faults += printed === 0 || printed > pages ? 1 : 0;
}
