import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { scenario } from './harness/scenario.mjs';

scenario('the_window_opens_under_its_content_policy', theWindowOpens, { mayComplain: true });

async function theWindowOpens({ launch }) {
  const desk = await launch();
  await desk.until(() => desk.run(() => document.readyState === 'complete'), 'the page is loaded');

  assert.equal(await desk.browser.getTitle(), '흡연구역 데스크');
  assert.match(await desk.browser.getUrl(), /^tauri:\/\/localhost/);
  await desk.screenshot('first');
  assert.deepEqual(desk.pageErrors(), []);

  const refused = await desk.run(
    () =>
      new Promise((done) => {
        document.addEventListener('securitypolicyviolation', (event) => done(event.effectiveDirective), {
          once: true,
        });
        const image = document.createElement('img');
        image.src = 'http://127.0.0.1:9/x.png';
        document.body.append(image);
        setTimeout(() => done('nothing'), 5_000);
      }),
  );
  assert.equal(refused, 'img-src');
}

scenario('a_screen_can_make_only_the_calls_of_the_table', async ({ launch }) => {
  const desk = await launch();
  const answers = await desk.run(async () => {
    const invoke = (command, values) =>
      window.__TAURI_INTERNALS__.invoke(command, values).then(
        () => 'allowed',
        () => 'refused',
      );
    // Tauri's own script and the screens have run: the prototype was frozen before them.
    const prototype = () => {
      const own = {};
      own.toString = () => 'own';
      const polluted = Reflect.set(Object.prototype, 'polluted', true);
      return `${own} ${polluted} ${Object.isFrozen(Object.prototype)}`;
    };
    return {
      prototype: prototype(),
      start: await invoke('call', { name: 'start', input: null }),
      dialog: await invoke('plugin:dialog|open', {}),
      window: await invoke('plugin:window|close', {}),
      command: await invoke('start', {}),
      unknown: await invoke('call', { name: 'no_such_call', input: null }),
    };
  });
  const refused = { dialog: 'refused', window: 'refused', command: 'refused', unknown: 'refused' };
  assert.deepEqual(answers, { prototype: 'own false true', start: 'allowed', ...refused });
});

scenario(
  'the_window_stays_on_the_programs_screens',
  async ({ launch, folder }) => {
    const desk = await launch();
    await desk.until(() => desk.run(() => document.readyState === 'complete'), 'the page is loaded');
    const page = join(folder().picked, 'form.html');
    writeFileSync(page, '<title>another page</title>');
    const title = await desk.browser.getTitle();
    const urls = [`file://${page}`, 'http://127.0.0.1:9/', 'data:text/html,<title>another page</title>'];
    for (const url of urls) {
      const opened = await desk.run((to) => {
        const link = document.createElement('a');
        link.href = to;
        document.body.append(link);
        link.click();
        link.remove();
        location.assign(to);
        return window.open(to) !== null;
      }, url);
      assert.equal(opened, false, url);
      await desk.run(() => new Promise((done) => setTimeout(done, 200)));
      assert.match(await desk.browser.getUrl(), /^tauri:\/\/localhost/, url);
      assert.equal(await desk.browser.getTitle(), title, url);
    }
  },
  { mayComplain: true },
);

scenario('after_a_kill_the_window_opens_again_on_the_same_folder', async ({ launch }) => {
  const first = await launch();
  assert.ok(first.processId());
  await first.kill();
  assert.equal(first.processId(), undefined);

  const second = await launch();
  assert.equal(await second.browser.getTitle(), '흡연구역 데스크');
  await second.close();
  assert.equal(second.processId(), undefined);
});
