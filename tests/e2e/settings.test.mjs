import assert from 'node:assert/strict';
import { scenario } from './harness/scenario.mjs';
import { checkIn, checkOut, quickSetUp, register } from './steps.mjs';

scenario('settings_are_kept_and_shown_everywhere', async ({ launch }) => {
  const desk = await launch();
  await quickSetUp(desk);
  await register(desk, { name: '홍길동' });
  await checkIn(desk, 1);

  await desk.click('rail-settings');
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

  // An area that someone is in stays in use.
  const occupied = '[data-testid="settings-area"][data-name="453!#FEQ"]';
  await desk.click(`${occupied} [data-testid="settings-area-retire"]`);
  await desk.click('settings-area-retire-confirm');
  await desk.waitFor('[data-testid="error"][data-code="area_occupied"]', {
    text: '453!#FEQ에 1명이 있습니다',
  });
  await desk.screenshot('occupied');
  await desk.click('rail-desk');
  await checkOut(desk);
  await desk.click('rail-settings');
  await desk.click(`${occupied} [data-testid="settings-area-retire"]`);
  await desk.click('settings-area-retire-confirm');
  await desk.waitGone(occupied);

  await desk.click('settings-theme-dark');
  await desk.click('settings-language-en');
  await desk.waitFor('settings-screen', { text: 'Settings' });
  await desk.screenshot('dark-en');
  await desk.close();

  const again = await launch();
  await again.waitFor('desk-screen', { text: 'Inside now' });
  assert.equal(await again.run(() => document.documentElement.dataset.mantineColorScheme), 'dark');
  assert.ok((await again.text('#root header')).includes('새빛역 환승센터'));
  const areas = await again.run(() =>
    [...document.querySelectorAll('[data-testid="area"] h3')].map((area) => area.textContent),
  );
  assert.deepEqual(areas, ['옥상', '남측 흡연실']);
});
