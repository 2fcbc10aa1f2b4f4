import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { out } from './lib/paths.mjs';
import { openScreens } from './screens/browser.mjs';
import { findFaults } from './screens/layout.mjs';
import { SCENES } from './screens/scenes.mjs';

/**
 * `npm run screens [scene…] [size…]`: takes a picture of each scene in each size of window and zoom (`1024x700@150`)
 * into out/screens/, and checks that no text is cut, nothing scrolls sideways and nothing covers another. Words choose
 * the scenes whose names contain one of them. What is for paper is also printed. Needs Chromium.
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
const WAIT_TIMEOUT_MS = 8_000;
const pictures = join(out, 'screens');

function pageOf(browser) {
  const selector = (id) => `[data-testid="${id}"]`;
  const isShown = (css) => (document.querySelector(css)?.getClientRects().length ?? 0) > 0;
  const waitFor = (id) =>
    browser.waitUntil(() => browser.execute(isShown, selector(id)), {
      timeout: WAIT_TIMEOUT_MS,
      interval: 50,
      timeoutMsg: `${id} isn't shown`,
    });
  return {
    waitFor,
    press: (...keys) => browser.keys(keys),
    type: async (id, text) => {
      await waitFor(id);
      await browser.$(selector(id)).setValue(text);
    },
    click: async (id) => {
      await waitFor(id);
      await browser.execute((css) => document.querySelector(css).click(), selector(id));
    },
    /** Presses the button of one of the things that all have the same id. */
    clickOf: async (id, index) => {
      await waitFor(id);
      const all = await browser.$$(selector(id)).getElements();
      await all.at(index).click();
    },
    /** Presses the button inside the first element that a selector means. */
    clickIn: async (css, id) => {
      await waitFor(id);
      await browser.$(`${css} ${selector(id)}`).click();
    },
    /** Scrolls an element to the top of what scrolls it. */
    scrollTo: async (id) => {
      await waitFor(id);
      await browser.execute(
        (css) => document.querySelector(css).scrollIntoView({ block: 'start' }),
        selector(id),
      );
    },
    /** Scrolls what scrolls inside an element to its end. */
    scrollToEnd: async (id) => {
      await waitFor(id);
      await browser.execute((css) => {
        for (const inner of document.querySelectorAll(`${css}, ${css} *`))
          inner.scrollTop = inner.scrollHeight;
      }, selector(id));
      await browser.pause(200);
    },
    pause: (ms) => browser.pause(ms),
    /** Waits until nothing moves and no list is loading. */
    settle: async () => {
      await browser.pause(350);
      await browser.execute(() => document.fonts.ready);
    },
  };
}

const isSize = (word) => /^\d+x\d+@\d+$/.test(word);
const words = process.argv.slice(2).filter((word) => !isSize(word));
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
try {
  const page = pageOf(browser);
  for (const { width, height, zoom } of sizes) {
    const scale = zoom / 100;
    await browser.sendCommand('Emulation.setDeviceMetricsOverride', {
      width: Math.floor(width / scale),
      height: Math.floor(height / scale),
      deviceScaleFactor: scale,
      mobile: false,
    });
    for (const [name, { at = '', shown = 'search', pages, open }] of scenes) {
      const scene = `${name} ${width}x${height} ${zoom}%`;
      try {
        await browser.url(`${url}${at}`);
        await page.waitFor(shown);
        await open(page);
        await page.settle();
      } catch (error) {
        console.log(`${scene}: isn't reached: ${error.message}`);
        faults += 1;
        continue;
      }
      const picture = await browser.takeScreenshot();
      writeFileSync(join(pictures, `${name}-${width}-${zoom}.png`), Buffer.from(picture, 'base64'));
      const { names, ...found } = await browser.execute(findFaults);
      for (const [kind, all] of Object.entries(found)) {
        for (const what of new Set(all)) console.log(`${scene}: ${kind}: ${what}`);
        faults += all.length;
      }
      if (pages !== undefined && zoom === 100) {
        const pdf = Buffer.from(await browser.printPage(), 'base64');
        writeFileSync(join(pictures, `${name}-${width}-${zoom}.pdf`), pdf);
        const printed = pdf.toString('latin1').match(/\/Type\s*\/Page\b/g)?.length ?? 0;
        console.log(`${scene}: ${printed} printed pages`);
        faults += printed === 0 || printed > pages ? 1 : 0;
      }
      for (const what of new Set(names)) console.log(`${scene}: a name is shortened: ${what}`);
    }
  }
} finally {
  await close();
}
console.log(`${faults} faults in ${scenes.length} scenes of ${sizes.length} sizes`);
process.exitCode = faults === 0 ? 0 : 1;
