import assert from 'node:assert/strict';
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { scenario } from './harness/scenario.mjs';
import { find, quickSetUp, register } from './steps.mjs';

const error = (code) => `[data-testid="error"][data-code="${code}"]`;

scenario('a_second_window_on_the_same_folder_shows_that_it_is_in_use', async ({ launch }) => {
  const first = await launch();
  await quickSetUp(first);
  const second = await launch();
  await second.waitFor(error('folder_in_use'), {
    text: '다른 창이나 프로그램이 이 단말의 데이터 폴더를 쓰고 있습니다',
  });
  await second.screenshot('in-use');
  await register(first, { name: '홍길동' });
  // Once the first window is closed, the second one opens the folder with its retry button.
  await first.close();
  await second.click('failed-retry');
  await second.waitFor('desk-screen');
});

scenario(
  'a_damaged_folder_is_reported_left_unchanged_and_restored_from_a_backup',
  async ({ launch, folder }) => {
    const desk = await launch();
    await quickSetUp(desk);
    await register(desk, { name: '홍길동' });
    await desk.click('rail-settings');
    await desk.click('settings-backup');
    await desk.waitFor('settings-said', { text: 'nosmoke-' });
    await desk.close();
    const [backup] = readdirSync(folder().picked);
    const file = join(folder().data, 'journal.db');
    const damage = 'this is no database'.repeat(400);
    rmSync(`${file}-wal`, { force: true });
    writeFileSync(file, damage);

    const again = await launch({ environment: { NOSMOKE_PICK_FOLDER: join(folder().picked, backup) } });
    await again.waitFor(error('storage_corrupt'), { text: '백업에서 되살릴 때까지' });
    await again.screenshot('damaged');
    assert.equal(readFileSync(file, 'utf8'), damage);
    await again.click('failed-restore');
    await again.waitFor('desk-screen', { timeoutMs: 30_000 });
    await find(again, '홍길동');
  },
  // The restore keeps the damaged journal in a folder of this name, which the rules can't be checked on.
  { damaged: /^before-restore-/ },
);

scenario('a_folder_that_cannot_be_written_is_reported', async ({ launch, folder }) => {
  // A file in place of the data folder makes opening fail also for root, whom missing permissions wouldn't stop.
  rmSync(folder().data, { recursive: true });
  writeFileSync(folder().data, '');
  const desk = await launch();
  await desk.waitFor('[data-testid="error"]', { text: '저장하지 못했습니다' });
  await desk.screenshot('unwritable');
  rmSync(folder().data);
});
