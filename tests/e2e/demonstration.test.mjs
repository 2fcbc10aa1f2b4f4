import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { playDay } from './day.mjs';
import { journalFolders } from './harness/agreement.mjs';
import { scenario } from './harness/scenario.mjs';
import { readCsv } from './steps.mjs';

scenario(
  'the_demonstration_opens_with_one_click_shows_a_day_and_can_be_left',
  async ({ launch, folder, compare }) => {
    const path = join(folder().picked, 'histories.csv');
    const desk = await launch({ environment: { NOSMOKE_PICK_SAVE: path } });
    assert.equal(await playDay(desk), path);
    const records = readCsv(path);
    assert.ok(records.length > 10, `${records.length} lines`);
    assert.ok(records.every((each) => each.구분 && each.상태));

    // A cancelled export leaves the earlier file as it was, and nothing beside it.
    await cancelExport(desk, path);

    // A year and a day of facts agree with all that was made of them.
    assert.deepEqual(journalFolders(folder().data).length, 2);
    await compare();

    // What was done there is gone with it; the set-up comes again.
    await desk.click('rail-settings');
    await desk.click('settings-demonstration-leave');
    await desk.click('settings-demonstration-leave-confirm');
    await desk.waitFor('setup-screen', { timeoutMs: 30_000 });
    assert.ok(!existsSync(join(folder().data, 'demonstration')));
    assert.deepEqual(desk.rows('SELECT * FROM fact'), []);
  },
  { timeoutMs: 900_000 },
);

const ended = (state) => `[data-testid="job"][data-kind="export"][data-state="${state}"]`;
const FINGERS = 5;

/** Cancels an export of everything while it is written, and compares. One that was done first says nothing: once more. */
async function cancelExport(desk, path) {
  for (let finger = 1; finger <= FINGERS; finger += 1) {
    const before = readFileSync(path);
    await desk.press('Ctrl+E');
    await desk.clickOnceShown('job-cancel');
    await desk.click('export-all');
    await desk.waitFor('[data-testid="job"]:not([data-state="running"])');
    if ((await desk.text(ended('cancelled'))) !== undefined) {
      assert.ok(readFileSync(path).equals(before), 'the earlier file is as it was');
      assert.deepEqual(readdirSync(dirname(path)), ['histories.csv']);
      return;
    }
    await desk.jobPath('export');
  }
  assert.fail(`${FINGERS} exports were done before they could be cancelled`);
}
