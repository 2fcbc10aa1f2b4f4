import assert from 'node:assert/strict';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { freePort } from './harness/driver.mjs';
import { scenario } from './harness/scenario.mjs';
import { checkIn, checkOut, factTypes, quickSetUp, register, signIn } from './steps.mjs';

scenario('settings_are_kept_and_shown_everywhere', async ({ launch }) => {
  const desk = await launch();
  await quickSetUp(desk);
  await register(desk, { name: '홍길동' });
  await checkIn(desk, 1);

  await desk.openScreen('areas');
  await desk.type('settings-facility-name', '새빛역 환승센터');
  await desk.press('Enter');
  await desk.waitFor('settings-said');
  await desk.until(
    async () => (await desk.text('#root header')).includes('새빛역 환승센터'),
    'the new name is shown',
  );

  await desk.type('settings-area-new-name', '남측 흡연실');
  await desk.type('settings-area-new-capacity', '7');
  await desk.press('Enter');
  await desk.waitFor('[data-testid="settings-area"][data-name="남측 흡연실"]');

  // An area with somebody inside can't be taken out of use.
  const occupied = '[data-testid="settings-area"][data-name="453!#FEQ"]';
  await desk.click(`${occupied} [data-testid="settings-area-retire"]`);
  await desk.click('settings-area-retire-confirm');
  await desk.waitFor('[data-testid="error"][data-code="area_occupied"]', {
    text: '453!#FEQ에 1명이 있어',
  });
  await desk.screenshot('occupied');
  await desk.click('rail-desk');
  await checkOut(desk);
  await desk.openScreen('areas');
  await desk.click(`${occupied} [data-testid="settings-area-retire"]`);
  await desk.click('settings-area-retire-confirm');
  await desk.waitGone(occupied);

  await desk.openScreen('settings');
  await desk.click('settings-theme-dark');
  await desk.click('settings-language-en');
  await desk.waitFor('settings-screen', { text: 'Settings' });
  await desk.screenshot('dark-en');
  await desk.close();

  const again = await launch();
  await signIn(again);
  await again.waitFor('desk-screen', { text: 'Inside now' });
  assert.equal(await again.run(() => document.documentElement.dataset.mantineColorScheme), 'dark');
  assert.ok((await again.text('#root header')).includes('새빛역 환승센터'));
  const areas = await again.run(() =>
    [...document.querySelectorAll('[data-testid="area"] h3')].map((area) => area.textContent),
  );
  assert.deepEqual(areas, ['옥상', '남측 흡연실']);
});

scenario('s06_the_window_serves_the_gateway_while_it_is_switched_on', async ({ launch }) => {
  const port = await freePort();
  const ask = (path, { token, ...options } = {}) => {
    const headers = {
      'content-type': 'application/json',
      ...(token && { authorization: `Bearer ${token}` }),
    };
    return fetch(`http://127.0.0.1:${port}${path}`, { headers, ...options });
  };
  const status = async (path, options) => (await ask(path, options)).status;
  const desk = await launch();
  await quickSetUp(desk);
  await desk.openScreen('connections');
  await desk.waitFor('settings-gateway-off');
  await assert.rejects(ask('/health'));

  await desk.type('settings-gateway-port', String(port));
  await desk.click('settings-gateway-on');
  const token = await desk.waitFor('settings-gateway-token').then(() => tokenIn(desk));
  await desk.screenshot('served');
  assert.equal(await status('/health'), 200);
  assert.equal(await status('/contexts'), 401);
  assert.equal(await status('/contexts', { token: 'guessed' }), 401);
  const contexts = await ask('/contexts', { token });
  assert.equal(contexts.status, 200);
  assert.ok((await contexts.json()).every(({ state }) => state === 'running'));
  // The gateway records its commands in the window's data folder.
  const entered = { token, method: 'POST', body: JSON.stringify({ smokingAreaId: '453!#FEQ' }) };
  assert.equal(await status('/checkIns', entered), 201);
  assert.deepEqual(factTypes(desk), ['CheckedIn']);

  await desk.click('settings-gateway-off');
  await desk.waitGone('settings-gateway-token');
  await assert.rejects(ask('/health'));
  await assert.rejects(ask('/contexts', { token }));

  // The gateway's setting and token are kept across a restart.
  await desk.click('settings-gateway-on');
  await desk.waitFor('settings-gateway-token');
  await desk.close();
  await assert.rejects(ask('/health'));
  await launch();
  assert.equal(await status('/contexts', { token }), 200);
});

/** Reads the gateway's token from the file that the screen names. Checks that only the file's owner can read it. */
async function tokenIn(desk) {
  const file = await desk.text('settings-gateway-token');
  assert.equal(file, join(desk.folder.data, 'gateway.token'));
  assert.equal(statSync(file).mode & 0o777, 0o600);
  return readFileSync(file, 'utf8').trim();
}
