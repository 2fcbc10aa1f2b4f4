import assert from 'node:assert/strict';
import { scenario } from './harness/scenario.mjs';
import { factTypes, quickSetUp, record } from './steps.mjs';

const DAY_MS = 86_400_000;
const SEOUL_MS = 9 * 3_600_000;
const yesterday = () => new Date(Date.now() + SEOUL_MS - DAY_MS).toISOString().slice(0, 10);

/** Puts a text into the field that has the cursor, which must be this one. */
async function fill(desk, id, text) {
  await desk.waitForCursor(id);
  await desk.type(id, text);
}

scenario('a_paper_list_of_three_is_entered_afterwards_by_the_keyboard_alone', async ({ launch }) => {
  const desk = await launch();
  await quickSetUp(desk);
  await record(desk, { type: 'registerCustomer', profile: { name: '김민수', phone: '010-1234-4821' } });
  await desk.press('Ctrl+K');
  await desk.waitFor('palette-search');
  await desk.type('palette-search', '나중에');
  await desk.press('Enter');
  await desk.waitFor('late-screen');

  // Tab goes from field to field and on to the next line, which begins as the one before.
  await desk.run(() => document.querySelector('[data-testid="late-kind-1"]').focus());
  for (const [line, from, to] of [
    [1, '9:10', '9:20'],
    [2, '10:10', '10:25'],
    [3, '11:10', '11:20'],
  ]) {
    await desk.waitForCursor(`late-kind-${line}`);
    await desk.press('Tab');
    await fill(desk, `late-customer-${line}`, '4821');
    await desk.waitFor('customer-hit');
    await desk.press('Tab');
    await fill(desk, `late-date-${line}`, yesterday());
    await desk.press('Tab');
    await fill(desk, `late-from-${line}`, from);
    await desk.press('Tab');
    await fill(desk, `late-to-${line}`, to);
    await desk.press('Tab');
    await desk.waitForCursor(`late-areaId-${line}`);
    await desk.press('Tab');
  }
  await desk.waitForCursor('late-kind-4');
  await desk.press('Ctrl+Enter', 'Ctrl+Enter');
  await desk.until(async () => (await desk.findAll('late-done')).length === 3, 'three lines are recorded');
  const visits = factTypes(desk).filter((type) => type !== 'Earned');
  assert.deepEqual(visits, Array(3).fill(['CheckedIn', 'CheckedOut']).flat());
});
