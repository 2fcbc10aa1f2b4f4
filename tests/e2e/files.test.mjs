import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { scenario } from './harness/scenario.mjs';
import {
  checkIn,
  checkOut,
  factTypes,
  find,
  numberOf,
  pay,
  quickSetUp,
  ready,
  register,
  signIn,
} from './steps.mjs';

scenario(
  'an_import_shows_every_bad_row_and_records_nothing_before_it_is_started',
  async ({ launch, folder }) => {
    // The file is encoded as CP949, as Korean Excel writes CSV files.
    const file = join(folder().picked, '회원.csv');
    const text = [
      '성명,연락처,카드번호',
      '김하나,010-0000-0001,NS-0001',
      ',010-0000-0002,NS-0002',
      `${'가'.repeat(201)},,`,
      '이두리,,NS-0001',
      '박세나,,NS-0003',
      '',
    ].join('\r\n');
    writeFileSync(file, execFileSync('iconv', ['-f', 'UTF-8', '-t', 'CP949'], { input: text }));
    const desk = await launch({ environment: { NOSMOKE_PICK_OPEN: file } });
    await quickSetUp(desk);
    await register(desk, { name: '추가람', card: 'NS-0003' });
    await desk.openScreen('customers');
    await desk.click('import-open');
    await desk.waitFor('import-view', { text: 'CP949' });
    const rows = () =>
      desk.run(() =>
        [...document.querySelectorAll('[data-testid="import-row"]')].map((row) => row.dataset.problem),
      );
    await desk.until(async () => (await rows()).length === 5, 'five rows are shown');
    const problems = await rows();
    assert.deepEqual(problems, ['', 'empty', 'too_long', 'card_taken', 'card_taken']);
    await desk.waitFor('import-said', { text: '아직 아무것도 기록하지 않았습니다' });
    await desk.screenshot('preview');
    assert.equal(desk.rows('SELECT * FROM profile').length, 1);
    await desk.click('import-run');
    await desk.waitFor('[data-testid="import-said"][data-state="done"]');
    assert.deepEqual(desk.rows('SELECT name FROM profile ORDER BY name'), [
      { name: '김하나' },
      { name: '추가람' },
    ]);
  },
);

scenario('a_backup_is_restored_and_its_points_can_be_paid', async ({ launch, folder }) => {
  const desk = await launch();
  await quickSetUp(desk);
  await register(desk, { name: '홍길동' });
  await checkIn(desk, 1);
  await checkOut(desk);
  await ready(desk, 'pay');
  await desk.openScreen('backup');
  await desk.click('settings-backup');
  await desk.waitFor('settings-said', { text: 'nosmoke-' });
  const [name] = readdirSync(folder().picked);
  assert.match(name, /^nosmoke-\d{8}-\d{6}$/);
  assert.deepEqual(readdirSync(join(folder().picked, name)).sort(), [
    'access.db',
    'journal.db',
    'manifest.json',
  ]);
  await desk.close();

  // A folder that isn't a backup is refused, and the data folder stays unchanged.
  const wrong = await launch({ environment: { NOSMOKE_PICK_FOLDER: folder().picked } });
  await signIn(wrong);
  await find(wrong, '홍길동');
  await pay(wrong, 30);
  await wrong.openScreen('backup');
  await wrong.click('settings-restore');
  await wrong.click('settings-restore-confirm');
  await wrong.waitFor('[data-testid="error"][data-code="not_a_backup"]');
  assert.equal(factTypes(wrong).at(-1), 'Paid');
  await wrong.close();

  // Restoring a backup over newer facts begins a new incarnation, which takes over the points of the old one.
  const again = await launch({ environment: { NOSMOKE_PICK_FOLDER: join(folder().picked, name) } });
  await signIn(again);
  await again.openScreen('backup');
  await again.click('settings-restore');
  await again.click('settings-restore-confirm');
  // Nobody is signed in after a restore.
  await again.waitFor('lock-screen', { timeoutMs: 30_000 });
  await signIn(again);
  await again.waitFor('[data-testid="job"][data-kind="restore"][data-state="done"]');
  await find(again, '홍길동');
  await again.until(async () => numberOf(await again.text('balance')) === 100, 'the balance is restored');
  assert.deepEqual(factTypes(again), ['CheckedIn', 'CheckedOut', 'Earned', 'Reclaimed']);
  await pay(again, 60);
  await again.until(async () => numberOf(await again.text('balance')) === 40, '40 P are left');
  assert.equal(again.rows('SELECT count(DISTINCT incarnation) AS number FROM origin')[0].number, 2);
  assert.ok(readdirSync(folder().data).some((entry) => entry.startsWith('before-restore-')));
});

scenario('daily_backups_go_to_the_chosen_folder_and_a_missing_disk_is_said', async ({ launch, folder }) => {
  const disk = join(folder().picked, '백업 디스크');
  mkdirSync(disk);
  const desk = await launch({ environment: { NOSMOKE_PICK_FOLDER: disk } });
  await quickSetUp(desk);
  await desk.openScreen('backup');
  await desk.click('settings-backup-daily-on');
  await desk.waitFor('settings-backup-folder', { text: '백업 디스크' });
  // The first one is made at once.
  await desk.waitFor('settings-backup-daily-last', { text: 'nosmoke-', timeoutMs: 30_000 });
  assert.equal(readdirSync(disk).filter((name) => name.startsWith('nosmoke-')).length, 1);
  await desk.screenshot('daily');
  await desk.close();

  // The disk is taken out over night.
  renameSync(disk, join(folder().picked, 'away'));
  const state =
    "UPDATE setting SET value = json_set(value, '$.day', '2026-01-01') WHERE key = 'backup_schedule_state'";
  execFileSync('sqlite3', [join(folder().data, 'journal.db'), state]);
  const again = await launch();
  await signIn(again);
  await again.openScreen('backup');
  await again.waitFor('settings-backup-problem', { text: '찾을 수 없습니다', timeoutMs: 30_000 });
  await again.screenshot('missing');
});
