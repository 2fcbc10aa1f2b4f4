import assert from 'node:assert/strict';
import { placeOf } from '../../scripts/lib/places.mjs';
import { findFaults } from '../../scripts/screens/layout.mjs';
import { scenario } from './harness/scenario.mjs';
import { checkIn, checkOut, quickSetUp, register, signIn } from './steps.mjs';

// Not Services: its graph has a CSS zoom of its own, within which WebKitGTK's boxes are no measure.
const SCREENS = ['mypage', 'customers', 'site', 'sync', 'areas', 'settings', 'review'];
const LARGER = [110, 125, 150, 175, 200];

scenario('ctrl_plus_and_minus_zoom_every_screen_cut_nothing_and_are_kept', async ({ launch }) => {
  const desk = await launch();
  await quickSetUp(desk);
  await register(desk, { name: '홍길동', phone: '010-1234-5678' });
  await checkIn(desk, 1);
  await checkOut(desk);
  await checkIn(desk, 1);
  const width = () => desk.run(() => window.innerWidth);
  const normal = await width();
  const isZoomed = (zoom) => async () => Math.abs((await width()) - (normal * 100) / zoom) <= 2;
  const check = async (zoom, screen = 'desk') => {
    const { names: _, ...faults } = await desk.run(findFaults);
    for (const [kind, found] of Object.entries(faults))
      assert.deepEqual(found, [], `${kind} on ${screen} at ${zoom} %`);
    await desk.screenshot(`${screen}-${zoom}`);
  };
  // WebDriver's clicks miss their mark on zoomed screens.
  const go = async (screen) => {
    for (const id of [`rail-${placeOf(screen)}`, `tab-${screen}`])
      await desk.run((css) => document.querySelector(css)?.click(), `[data-testid="${id}"]`);
    await desk.waitFor(`${screen}-screen`);
  };
  await check(100);
  for (const zoom of LARGER) {
    await desk.press('Ctrl+=');
    await desk.until(isZoomed(zoom), `the screens are shown at ${zoom} %`);
    await check(zoom);
    for (const screen of SCREENS) {
      await go(screen);
      await check(zoom, screen);
    }
    await go('desk');
  }
  // There is none larger.
  await desk.press('Ctrl+=');
  await desk.press('Ctrl+-');
  await desk.until(isZoomed(175), 'one step smaller');
  await desk.close();

  const again = await launch();
  const shown = async () => Math.abs((await again.run(() => window.innerWidth)) - normal / 1.75) <= 2;
  await again.until(shown, 'the size is kept');
  await again.screenshot('lock-175');
  await signIn(again);
  await again.press('Ctrl+0');
  await again.until(() => again.run((full) => window.innerWidth === full, normal), 'the normal size');
});
