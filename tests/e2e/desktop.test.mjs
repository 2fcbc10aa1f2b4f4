import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { deskBinary } from '../../scripts/lib/paths.mjs';
import { startBeside } from './harness/desktop.mjs';
import { Folder } from './harness/folder.mjs';
import { scenario } from './harness/scenario.mjs';
import { quickSetUp, received, signIn } from './steps.mjs';

const WITHIN_MS = 30_000;
/** How long a program that stays open is watched. */
const STAYS_MS = 5_000;

/** Enough for an import of several steps. */
const CUSTOMERS = 10_000;

const onDesktop = { windowManager: true };

scenario(
  'a_second_start_brings_the_first_window_forward',
  async ({ launch, windows }) => {
    const first = await launch();
    const window = await windows().windowOf(first.processId());
    windows().minimise(window);
    await first.until(() => !windows().isActive(window), 'the first window is minimised');
    const second = startBeside(first, deskBinary());
    assert.equal(await second.endsWithin(WITHIN_MS), 0, second.output());
    await first.until(() => windows().isActive(window), 'the first window is in front');

    // Another folder is another program.
    const other = new Folder('other');
    const third = startBeside(first, deskBinary(), other.environment());
    try {
      assert.equal(await third.endsWithin(STAYS_MS), undefined, third.output());
      await windows().windowOf(third.id);
    } finally {
      await third.kill();
      other.remove();
    }
  },
  onDesktop,
);

scenario(
  'without_an_answer_on_the_session_bus_a_second_start_opens_a_window',
  async ({ launch, windows }) => {
    const first = await launch();
    await windows().windowOf(first.processId());
    const opens = async (what, replaced) => {
      const second = startBeside(first, deskBinary(), replaced);
      try {
        await windows().windowOf(second.id);
        assert.equal(await second.endsWithin(STAYS_MS), undefined, `${what}: ${second.output()}`);
        assert.match(second.output(), /a second start isn't recognised/, what);
      } finally {
        await second.kill();
      }
    };
    await opens('no bus', { DBUS_SESSION_BUS_ADDRESS: 'unix:path=/nonexistent/bus' });
    await opens('an address that is none', { DBUS_SESSION_BUS_ADDRESS: 'garbage' });
    // The first program has the name, and doesn't answer.
    process.kill(first.processId(), 'SIGSTOP');
    try {
      await opens('a first program that hangs', {});
    } finally {
      process.kill(first.processId(), 'SIGCONT');
    }
  },
  onDesktop,
);

scenario(
  'the_size_and_place_of_the_window_are_kept_and_always_visible',
  async ({ launch, folder, windows }) => {
    const kept = join(folder().environment().XDG_CONFIG_HOME, 'app.nosmoke.desk', '.window-state.json');
    const screen = { width: 1_280, height: 800 };
    const close = async (desk) => {
      const id = desk.processId();
      await windows().requestClose(await windows().windowOf(id));
      await desk.ended();
    };
    const first = await launch();
    const place = { x: 130, y: 60, width: 1_100, height: 720 };
    windows().place(await windows().windowOf(first.processId()), place);
    await close(first);

    const again = await launch();
    const window = await windows().windowOf(again.processId());
    await again.until(() => windows().placeOf(window).width === place.width, 'the size is kept');
    const found = windows().placeOf(window);
    assert.equal(found.height, place.height);
    // The window manager's frame may shift it by its own width.
    assert.ok(Math.abs(found.x - place.x) <= 30 && Math.abs(found.y - place.y) <= 60, JSON.stringify(found));
    await close(again);

    const saved = JSON.parse(readFileSync(kept, 'utf8'));
    const broken = [
      [
        'a screen that is gone',
        JSON.stringify({ main: { ...saved.main, x: 4_000, y: 3_000, prev_x: 4_000 } }),
      ],
      [
        'larger than the screen',
        JSON.stringify({ main: { ...saved.main, x: 0, y: 0, width: 3_840, height: 2_160 } }),
      ],
      [
        'as large as the screen, without room for a title bar',
        JSON.stringify({ main: { ...saved.main, x: 0, y: 0, ...screen } }),
      ],
    ];
    for (const [what, text] of broken) {
      writeFileSync(kept, text);
      const desk = await launch();
      const id = await windows().windowOf(desk.processId());
      const isVisible = () => {
        const { x, y, width, height } = windows().placeOf(id);
        // xdotool counts the title bar twice.
        return x >= -10 && y >= -10 && x + width <= screen.width + 10 && y + height <= screen.height + 30;
      };
      await desk.until(isVisible, `${what}: the whole window is on the screen`);
      await desk.waitFor('setup-join');
      await close(desk);
    }
  },
  onDesktop,
);

scenario(
  'closing_asks_about_settings_that_are_not_saved',
  async ({ launch, windows }) => {
    const desk = await launch();
    await quickSetUp(desk);
    const window = await windows().windowOf(desk.processId());
    await desk.openScreen('areas');
    await desk.type('settings-facility-name', '다른 이름');
    await windows().requestClose(window);
    await desk.waitFor('close-dialog', { text: '저장하지 않은 설정이 있습니다' });
    await desk.screenshot('unsaved');
    await desk.click('close-stay');
    await desk.waitGone('close-dialog');
    await windows().requestClose(window);
    await desk.click('close-now');
    await desk.ended();
    const again = await launch();
    await signIn(again);
    // With nothing to lose it closes at once.
    await windows().requestClose(await windows().windowOf(again.processId()));
    await again.ended();
  },
  onDesktop,
);

scenario(
  'closing_during_an_import_stops_it_or_waits_for_it_as_chosen',
  async ({ launch, folder, windows }) => {
    const importing = async (desk, names) => {
      const rows = Array.from({ length: CUSTOMERS }, (_, index) => `${names}${index},${names}-${index}`);
      writeFileSync(file, `이름,카드\n${rows.join('\n')}\n`);
      const window = await windows().windowOf(desk.processId());
      await desk.openScreen('customers');
      await desk.click('import-open');
      await desk.waitFor('import-view', { timeoutMs: 120_000 });
      folder().holdJobs();
      await desk.click('import-run');
      await desk.waitFor('[data-testid="import-said"][data-state="running"]');
      await windows().requestClose(window);
      await desk.waitFor('close-dialog', { text: '그때까지 등록한 고객은 남고' });
    };
    const file = join(folder().picked, 'list.csv');
    const withList = { environment: { NOSMOKE_PICK_OPEN: file } };
    const count = () => folder().rows('SELECT count(*) AS number FROM profile')[0].number;

    const stopped = await launch(withList);
    await quickSetUp(stopped);
    await importing(stopped, '손님');
    await stopped.click('close-now');
    // The window may close before it has an answer.
    await received(stopped).catch(() => {});
    folder().releaseJobs();
    await stopped.ended();
    const first = count();
    assert.ok(first < CUSTOMERS, `${first} of ${CUSTOMERS} were imported`);

    const waiting = await launch(withList);
    await signIn(waiting);
    await importing(waiting, '고객');
    await waiting.click('close-when-done');
    await received(waiting);
    folder().releaseJobs();
    await waiting.ended({ timeoutMs: 120_000 });
    assert.equal(count(), first + CUSTOMERS);
  },
  onDesktop,
);

scenario(
  'a_page_that_hangs_does_not_keep_the_window_open',
  async ({ launch, windows }) => {
    const desk = await launch();
    await quickSetUp(desk);
    const window = await windows().windowOf(desk.processId());
    await desk.openScreen('areas');
    await desk.type('settings-facility-name', '다른 이름');
    await desk.run(() => {
      setTimeout(() => {
        for (;;);
      }, 50);
    });
    await new Promise((resolve) => setTimeout(resolve, 500));
    await windows().requestClose(window);
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    assert.ok(desk.processId(), 'the first request asks');
    await windows().requestClose(window);
    await desk.ended();
  },
  onDesktop,
);

scenario('folders_are_shown_and_a_page_can_reach_no_plugin', async ({ launch, folder }) => {
  // A file manager that notes what it was given.
  const tools = join(folder().path, 'tools');
  const opened = join(folder().path, 'opened');
  mkdirSync(tools);
  writeFileSync(join(tools, 'xdg-open'), `#!/bin/sh\nprintf '%s\\n' "$1" >> '${opened}'\n`, { mode: 0o755 });
  const desk = await launch({ environment: { PATH: `${tools}:${process.env.PATH}` } });
  await quickSetUp(desk);
  await desk.openScreen('backup');
  await desk.click('show-folder-logs');
  const shown = () => (existsSync(opened) ? readFileSync(opened, 'utf8').trim().split('\n') : []);
  await desk.until(() => shown().length === 1, 'the logs are shown');
  await desk.click('diagnostics');
  await desk.waitFor('diagnostics-done', { text: 'nosmoke-diagnostics.zip' });
  await desk.click('[data-testid="diagnostics-done"] button');
  await desk.until(() => shown().length === 2, 'the folder of the diagnostics is shown');
  assert.deepEqual(shown(), [join(folder().data, 'logs'), folder().picked]);
  assert.ok(readFileSync(join(folder().picked, 'nosmoke-diagnostics.zip')).length > 500);

  const answers = await desk.run(async () => {
    const refused = {};
    for (const command of [
      'plugin:opener|open_path',
      'plugin:opener|open_url',
      'plugin:notification|notify',
      'plugin:notification|request_permission',
      'plugin:window-state|save_window_state',
      'plugin:window-state|restore_state',
      'plugin:single-instance|x',
    ]) {
      refused[command] = await window.__TAURI_INTERNALS__
        .invoke(command, {
          path: '/etc',
          url: 'https://example.com',
          options: { title: 'x' },
          label: 'main',
          flags: 1,
        })
        .then(
          () => 'allowed',
          () => 'refused',
        );
    }
    return refused;
  });
  assert.deepEqual([...new Set(Object.values(answers))], ['refused'], JSON.stringify(answers));
});
