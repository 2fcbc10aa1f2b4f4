import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { out } from './lib/paths.mjs';
import { openScreens } from './screens/browser.mjs';
import { findFaults } from './screens/layout.mjs';
import { SCENES } from './screens/scenes.mjs';

/**
 * `npm run screens [scene…]`: takes a picture of each scene in each size of window and zoom into out/screens/, and
 * checks that no text is cut, nothing scrolls sideways and nothing covers another. Needs Chromium.
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
const WAIT_TIMEOUT_MS = 15_000;
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
    /** Waits until nothing moves and no list is loading. */
    settle: async () => {
      await browser.pause(500);
      await browser.execute(() => document.fonts.ready);
    },
  };
}

const words = process.argv.slice(2);
const scenes = Object.entries(SCENES).filter(
  ([name]) => words.length === 0 || words.some((word) => name.includes(word)),
);
mkdirSync(pictures, { recursive: true });
const { browser, url, close } = await openScreens();
let faults = 0;
try {
  const page = pageOf(browser);
  for (const { width, height, zoom } of SIZES) {
    const scale = zoom / 100;
    await browser.sendCommand('Emulation.setDeviceMetricsOverride', {
      width: Math.floor(width / scale),
      height: Math.floor(height / scale),
      deviceScaleFactor: scale,
      mobile: false,
    });
    for (const [name, open] of scenes) {
      const scene = `${name} ${width}x${height} ${zoom}%`;
      await browser.url(url);
      try {
        await page.waitFor('search');
        await open(page);
        await page.settle();
      } catch (error) {
        console.log(`${scene}: isn't reached: ${error.message}`);
        faults += 1;
        continue;
      }
      const picture = await browser.takeScreenshot();
      writeFileSync(join(pictures, `${name}-${width}-${zoom}.png`), Buffer.from(picture, 'base64'));
      const { shortened, ...found } = await browser.execute(findFaults);
      for (const [kind, all] of Object.entries(found)) {
        for (const what of new Set(all)) console.log(`${scene}: ${kind}: ${what}`);
        faults += all.length;
      }
      for (const what of new Set(shortened)) console.log(`${scene}: shortened: ${what}`);
    }
  }
} finally {
  await close();
}
console.log(`${faults} faults in ${scenes.length} scenes of ${SIZES.length} sizes`);
process.exitCode = faults === 0 ? 0 : 1;
