import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { playDay } from './day.mjs';
import { journalFolders } from './harness/agreement.mjs';
import { scenario } from './harness/scenario.mjs';
import { readCsv, received } from './steps.mjs';

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
    await desk.openScreen('settings');
    await desk.click('settings-demonstration-leave');
    await desk.click('settings-demonstration-leave-confirm');
    await desk.waitFor('setup-screen', { timeoutMs: 30_000 });
    assert.ok(!existsSync(join(folder().data, 'demonstration')));
    assert.deepEqual(desk.rows('SELECT * FROM fact'), []);
  },
  { timeoutMs: 900_000 },
);

/** Cancels an export of everything while its file is written, and checks that the earlier file is unchanged. */
async function cancelExport(desk, path) {
  const before = readFileSync(path);
  desk.folder.holdJobs();
  await desk.press('Ctrl+E');
  await desk.click('export-all');
  await desk.click('export-reason-audit');
  await desk.click('export-reason-submit');
  await desk.click('[data-testid="job"][data-kind="export"] [data-testid="job-cancel"]');
  await received(desk);
  desk.folder.releaseJobs();
  await desk.waitFor('[data-testid="job"][data-kind="export"][data-state="cancelled"]');
  assert.ok(readFileSync(path).equals(before), 'the earlier file is unchanged');
  assert.deepEqual(readdirSync(dirname(path)), ['histories.csv']);
}
