import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { after, before, test } from 'node:test';
import { startDisplay } from '../../../scripts/lib/display.mjs';
import { deskBinary, out } from '../../../scripts/lib/paths.mjs';
import { disagreements, journalFolders, waitUntilFollowed } from './agreement.mjs';
import { Desk } from './desk.mjs';
import { startWindowManager } from './desktop.mjs';
import { Folder } from './folder.mjs';

const SCENARIO_TIMEOUT_MS = 420_000;
const OUTPUT_LINES = 80;

let display;
let binary;

before(async () => {
  binary = deskBinary();
  display = await startDisplay();
});

after(() => display?.stop());

/**
 * Runs a test on the real window. `launch()` opens the program; after `close()` or `kill()`, another `launch()` opens
 * it again on the same folder. `launch({ terminal: 'b' })` opens another terminal. A failed test leaves a screenshot
 * and the page's source in out/e2e/<name>/ and prints the program's output. The test also fails if a page reports an
 * error, unless `mayComplain` is set.
 *
 * At the end of the test, every data folder is checked against the rules of rules.mjs. `compare()` checks earlier, for
 * a folder that the test deletes later. The pattern `damaged` matches the names of folders that aren't checked, because
 * the test has damaged them on purpose. With `windowManager`, `windows()` has what a person does with windows. `skip` says
 * why the test can't run here.
 */
export function scenario(
  name,
  body,
  {
    timeoutMs = SCENARIO_TIMEOUT_MS,
    mayComplain = false,
    damaged = /^$/,
    windowManager = false,
    skip = false,
  } = {},
) {
  test(name, { timeout: timeoutMs, skip }, async () => {
    const pictures = join(out, 'e2e', name.replace(/[^\w-]+/g, '_'));
    const folders = new Map();
    const desks = [];

    const folder = (terminal = 'a') => {
      if (!folders.has(terminal)) folders.set(terminal, new Folder(terminal));
      return folders.get(terminal);
    };
    const manager = windowManager ? await startWindowManager(display.display) : undefined;
    const windows = () => manager;
    const launch = async ({ terminal, environment, through } = {}) => {
      const desk = await Desk.open({
        binary,
        folder: folder(terminal),
        display: display.display,
        pictures,
        environment,
        through,
      });
      desks.push(desk);
      return desk;
    };

    const running = () => desks.filter((desk) => !desk.closed).map((desk) => desk.folder.data);
    const compare = async () => {
      for (const data of running()) {
        const worked = journalFolders(data).filter((each) =>
          [data, join(data, 'demonstration')].includes(each),
        );
        for (const each of worked) await waitUntilFollowed(each);
      }
      for (const { path } of folders.values()) {
        const whole = journalFolders(path).filter((each) => !damaged.test(basename(each)));
        for (const each of whole) assert.deepEqual(disagreements(each), [], each);
      }
    };

    try {
      await body({ launch, folder, compare, windows });
      if (!mayComplain) for (const desk of desks) assert.deepEqual(desk.pageErrors(), []);
      await compare();
    } catch (error) {
      for (const desk of desks) await report(desk, pictures);
      throw error;
    } finally {
      for (const desk of desks) await desk.close();
      for (const each of folders.values()) each.remove();
      await manager?.stop();
    }
  });
}

async function report(desk, pictures) {
  console.error(`Last output of the program:\n${desk.output().split('\n').slice(-OUTPUT_LINES).join('\n')}`);
  if (desk.closed) return;
  try {
    console.error(`Screenshot of the window: ${await desk.screenshot('failure')}`);
    writeFileSync(join(pictures, 'failure.html'), await desk.browser.getPageSource());
  } catch (error) {
    console.error(`No screenshot of the window: ${error.message}`);
  }
}
