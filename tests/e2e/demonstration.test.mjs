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
    // The day adds a visit and a payment; how many lines the customer had before depends on the date.
    assert.ok(records.length > 2, `${records.length} lines`);
    assert.ok(records.every((each) => each.구분 && each.상태));

    // A cancelled export leaves the earlier exported file unchanged, and leaves no temporary file beside it.
    await cancelExport(desk, path);

    // The projections agree with the facts of the demonstration's year and of the played day.
    assert.deepEqual(journalFolders(folder().data).length, 2);
    await compare();

    // Leaving the demonstration deletes its folder and shows the set-up again.
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
const CANCEL_ATTEMPTS = 5;

/**
 * Cancels an export of everything while its file is written, and checks that the earlier file is unchanged. Retries if
 * the export finished before it could be cancelled.
 */
async function cancelExport(desk, path) {
  for (let attempt = 1; attempt <= CANCEL_ATTEMPTS; attempt += 1) {
    const before = readFileSync(path);
    await desk.press('Ctrl+E');
    await desk.click('export-all');
    await desk.click('export-reason-audit');
    await desk.clickOnceShown('job-cancel');
    await desk.click('export-reason-submit');
    await desk.waitFor('[data-testid="job"]:not([data-state="running"])');
    if ((await desk.text(ended('cancelled'))) !== undefined) {
      assert.ok(readFileSync(path).equals(before), 'the earlier file is unchanged');
      assert.deepEqual(readdirSync(dirname(path)), ['histories.csv']);
      return;
    }
    await desk.jobPath('export');
  }
  assert.fail(`${CANCEL_ATTEMPTS} exports finished before they could be cancelled`);
}
