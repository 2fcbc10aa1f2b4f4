import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { deskBinary } from '../../scripts/lib/paths.mjs';
import { scenario } from './harness/scenario.mjs';
import { find, quickSetUp, register, signIn } from './steps.mjs';

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
  await signIn(second);
});

scenario(
  'a_damaged_folder_is_reported_left_unchanged_and_restored_from_a_backup',
  async ({ launch, folder }) => {
    const desk = await launch();
    await quickSetUp(desk);
    await register(desk, { name: '홍길동' });
    await desk.openScreen('backup');
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
    await again.waitFor('lock-screen', { timeoutMs: 30_000 });
    await signIn(again);
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

// Each of these changes the world of the program in a mount namespace of its own.
const AS_NOBODY = 'setpriv --reuid=65534 --regid=65534 --clear-groups';
const WITHOUT_FOLDERS =
  'env -u NOSMOKE_DATA_DIR -u XDG_DATA_HOME -u XDG_CONFIG_HOME -u XDG_CACHE_HOME -u XDG_STATE_HOME -u XDG_RUNTIME_DIR';

scenario('a_full_disk_at_the_start_is_said_in_the_window', async ({ launch, folder }) => {
  const { data } = folder();
  const through = `mount -t tmpfs -o size=64k none '${data}' && head -c 65536 /dev/zero > '${data}/fill'; exec "$0"`;
  const desk = await launch({ through });
  await desk.waitFor(error('disk_full'), { text: '관리자에게 디스크의 공간을 비워 달라고' });
  await desk.screenshot('full-disk');
  assert.match(desk.output(), /there is no log file/);
});

scenario('a_read_only_folder_at_the_start_is_said_in_the_window', async ({ launch, folder }) => {
  const { data } = folder();
  const through = `mount --bind '${data}' '${data}' && mount -o remount,ro,bind '${data}' && exec "$0"`;
  const desk = await launch({ through });
  await desk.waitFor(error('folder_unwritable'), { text: '이 사용자는 데이터 폴더에 쓸 수 없습니다' });
  await desk.screenshot('read-only');
  // What support needs to know can be saved all the same.
  await desk.click('diagnostics');
  await desk.waitFor('diagnostics-done');
});

scenario('a_user_whose_home_does_not_exist_is_told_in_the_window', async ({ launch }) => {
  const desk = await launch({ through: `exec ${AS_NOBODY} ${WITHOUT_FOLDERS} HOME=/nonexistent "$0"` });
  await desk.waitFor(error('folder_unwritable'), { text: '/nonexistent' });
});

scenario('a_user_without_a_home_is_told_in_the_window', async ({ launch }) => {
  // A user whom the system doesn't know, as in a container.
  const unknown = 'setpriv --reuid=54321 --regid=54321 --clear-groups';
  const desk = await launch({ through: `exec ${unknown} ${WITHOUT_FOLDERS} -u HOME "$0"` });
  await desk.waitFor(error('no_data_folder'), { text: '홈 폴더가 없어' });
  await desk.screenshot('no-home');
});

scenario('without_a_display_the_reason_is_on_the_error_output', async ({ folder }) => {
  const environment = { ...process.env, ...folder().environment() };
  for (const DISPLAY of [undefined, ':4321']) {
    const { status, stdout, stderr } = spawnSync(deskBinary(), [], {
      env: { ...environment, DISPLAY, WAYLAND_DISPLAY: undefined, GDK_BACKEND: 'x11' },
      encoding: 'utf8',
      timeout: 30_000,
    });
    assert.deepEqual([status, stdout], [1, ''], stderr);
    assert.match(stderr, /화면이 없어 창을 열 수 없습니다[\s\S]*There is no display/);
    assert.doesNotMatch(stderr, /panicked/);
  }
});
