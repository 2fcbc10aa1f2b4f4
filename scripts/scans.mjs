import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { out } from './lib/paths.mjs';
import { hasHangul, startHangul } from './scans/hangul.mjs';
import { SCENES } from './scans/scenes.mjs';
import { SUFFIXES } from './scans/sender.mjs';
import { tableOf } from './scans/table.mjs';
import { tryScan } from './scans/trial.mjs';
import { openWindow } from './scans/window.mjs';

/**
 * `npm run scans [scene…] [idle] [busy] [hangul] [quick]`: reads cards in every scene of the real window, with real key
 * events at each pace and with each suffix, and checks that nothing is recorded, that no field is filled, and that the
 * card's holder is in hand. Words choose the scenes whose names contain one of them; `quick` takes one suffix in turn
 * instead of each. Ctrl+C ends it with the table of what was tried. The table is written to out/scans/table.txt. Needs
 * xdotool; the scans with Hangul need ibus-hangul.
 */
const PACES = [
  { gapMs: 8, scanner: { paceMs: 50, prefix: '' } },
  { gapMs: 30, scanner: { paceMs: 50, prefix: '' } },
  { gapMs: 60, scanner: { paceMs: 90, prefix: '' } },
  { gapMs: 100, scanner: { paceMs: 150, prefix: '~' } },
];
const MODES = ['idle', 'busy', 'hangul'];
const suffixes = Object.keys(SUFFIXES);

const words = process.argv.slice(2);
const modesAsked = words.filter((word) => MODES.includes(word));
const isQuick = words.includes('quick');
const scenesAsked = words.filter((word) => !MODES.includes(word) && word !== 'quick');
const scenes = Object.entries(SCENES).filter(
  ([name]) => scenesAsked.length === 0 || scenesAsked.some((word) => name.includes(word)),
);
const modes = MODES.filter((mode) => modesAsked.length === 0 || modesAsked.includes(mode));

/** With every suffix while the page is idle; otherwise one suffix in turn, because there the page or ibus is slow. */
const suffixesOf = (mode, scene, pace) =>
  mode === 'idle' && !isQuick ? suffixes : [suffixes[(scene + pace) % suffixes.length]];

const folder = join(out, 'scans');
mkdirSync(folder, { recursive: true });
const results = [];
const begun = Date.now();
const window = await openWindow();
let hangul;
let isStopped = false;
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => (isStopped = true));
if (!window.sender.isRealTime) console.log('no real-time priority: the gaps will be uneven');
try {
  for (const mode of modes) {
    if (isStopped) break;
    if (mode === 'hangul') {
      if (!hasHangul()) {
        console.log('ibus-hangul is not installed: no scans with Hangul on');
        continue;
      }
      hangul = await startHangul(window.display);
      await window.reopen(hangul.environment);
    }
    for (const [pace, { gapMs, scanner }] of PACES.entries()) {
      await window.fit(scanner, mode === 'busy');
      for (const [index, [name, scene]] of scenes.entries()) {
        for (const suffix of suffixesOf(mode, index, pace)) {
          if (isStopped) break;
          const how = { gapMs, suffix, prefix: scanner.prefix, isHangul: mode === 'hangul' };
          const result = { mode, ...(await tryScan(window, name, scene, how)) };
          results.push(result);
          const fault = [
            ...result.wrong.map((what) => `WRONG ${what}`),
            ...(result.missed ? [`missed: ${result.missed}`] : []),
          ];
          for (const what of fault)
            console.log(`${mode} ${name} ${gapMs} ms ${suffix} ${result.card}: ${what}`);
          if (fault.length > 0)
            await window.screenshot(`${mode}-${name}-${gapMs}-${suffix.replace(' ', '')}`);
        }
      }
      console.log(
        `${mode} ${gapMs} ms: ${results.length} scans after ${Math.round((Date.now() - begun) / 1000)} s`,
      );
    }
  }
  for (const error of window.pageErrors()) console.log(error);
} finally {
  await window.close();
  hangul?.stop();
}
const table = tableOf(results);
writeFileSync(join(folder, 'table.txt'), table);
console.log(table);
const count = (is) => results.filter(is).length;
const [wrong, missed] = [count((one) => one.wrong.length > 0), count((one) => one.missed !== null)];
const stalls = results.reduce((sum, one) => sum + one.stalls, 0);
console.log(
  `${results.length} scans, ${wrong} wrong records, ${missed} missed, ${stalls} sent again after a stall`,
);
process.exitCode = wrong + missed === 0 && results.length > 0 ? 0 : 1;
