import assert from 'node:assert/strict';
import { scenario } from './harness/scenario.mjs';
import {
  checkIn,
  checkOut,
  factTypes,
  find,
  HANBIT,
  pickArea,
  quickSetUp,
  ready,
  record,
  register,
  tryRecord,
} from './steps.mjs';

const notice = (kind) => `[data-testid="notice"][data-kind="${kind}"]`;

scenario('a_walk_in_is_named_later_and_keeps_its_facts', async ({ launch }) => {
  const desk = await launch();
  await quickSetUp(desk);
  await desk.click('walk-in');
  await pickArea(desk, 1);
  await desk.waitFor('occupant', { text: '이름 없는 고객' });
  await desk.waitFor('edit-customer', { text: '이름 붙이기' });
  await desk.click('edit-customer');
  await desk.type('customer-name', '추가람');
  await desk.press('Enter');
  await desk.waitGone('edit-dialog');
  await desk.waitFor('occupant', { text: '추가람' });
  await desk.until(async () => (await desk.text('customer-name-shown')) === '추가람', 'the name is shown');
  const [{ name, facts }] = desk.rows(
    'SELECT p.name, count(f.hash) AS facts FROM profile p JOIN fact f USING (customer_id) GROUP BY p.customer_id',
  );
  assert.deepEqual([name, facts], ['추가람', 1]);
});

scenario('a_full_area_is_refused_and_a_whole_area_is_checked_out', async ({ launch }) => {
  const desk = await launch();
  await quickSetUp(desk, { ...HANBIT, areas: [{ name: '453!#FEQ', capacity: 2 }, { name: '옥상' }] });
  for (const name of ['김하나', '이두리', '박세나']) await register(desk, { name });
  const customers = desk.rows(
    "SELECT lower(hex(customer_id)) AS id, name FROM profile WHERE name = '박세나'",
  );
  for (const name of ['김하나', '이두리']) {
    await find(desk, name);
    await checkIn(desk, 1);
  }
  await desk.waitFor('[data-testid="area"][data-full]', { text: '453!#FEQ' });

  // F1: the area is full. The picker shows this, the area's number key does nothing, and the command is refused too.
  await find(desk, '박세나');
  await desk.press('F2');
  await desk.waitFor('area-picker', { text: '꽉 찼습니다' });
  assert.equal(await desk.isEnabled('pick-1'), false);
  await desk.press('1');
  const areas = await desk.run(() => document.querySelector('[data-testid="area"]').dataset.area);
  const { refused } = await tryRecord(desk, {
    type: 'checkIn',
    areaId: areas,
    customerId: customers[0].id.replace(/(.{8})(.{4})(.{4})(.{4})(.{12})/, '$1-$2-$3-$4-$5'),
  });
  assert.equal(refused.code, 'area_full');
  assert.deepEqual(factTypes(desk), ['CheckedIn', 'CheckedIn']);
  // Enter picks the area that has room.
  await desk.press('Enter');
  await desk.waitFor(notice('checkedIn'), { text: '박세나' });

  // The evacuation list has everyone inside, by area.
  await desk.click('evacuation');
  const listed = () =>
    desk.run(() =>
      [...document.querySelectorAll('[data-testid="evacuation-row"]')].map((row) =>
        [...row.cells].map((cell) => cell.textContent),
      ),
    );
  await desk.until(async () => (await listed()).length === 3, 'three are listed');
  const rows = await listed();
  assert.deepEqual(
    rows.map(([name, , area]) => [name, area]),
    [
      ['김하나', '453!#FEQ'],
      ['이두리', '453!#FEQ'],
      ['박세나', '옥상'],
    ],
  );
  await desk.press('Esc');
  await desk.waitGone('evacuation-dialog');

  // Everyone in the first area is checked out; the other area keeps its customer.
  await desk.find(`[data-testid="area"][data-area="${areas}"]`).moveTo();
  await desk.click(`[data-testid="area"][data-area="${areas}"] [data-testid="everyone-out"]`);
  await desk.waitFor('everyone-out-dialog', { text: '2명' });
  await desk.press('Enter');
  await desk.waitFor(notice('areaCheckedOut'), { text: '2명' });
  await desk.until(async () => (await desk.text('inside-total')).includes('1명'), 'one is inside');
  await desk.until(
    () => desk.rows("SELECT 1 FROM entry WHERE status = 'EARNED'", 'mypage.db').length === 2,
    'both have earned',
  );
  assert.deepEqual(
    desk.rows('SELECT count(*) AS inside FROM inside').map(({ inside }) => inside),
    [1],
  );
});

scenario('errors_are_shown_in_english_too', async ({ launch }) => {
  const desk = await launch();
  await desk.waitFor('setup-screen');
  await desk.click('setup-language-en');
  await desk.until(() => desk.run(() => document.documentElement.lang === 'en'), 'the language is English');
  await desk.press('Enter');
  await desk.type('setup-facility', ' ');
  await desk.press('Enter');
  await desk.until(async () => /name/i.test(await desk.text('setup-screen')), 'the name is asked for');
  await desk.screenshot('setup-en');
  await quickSetUp(desk);
  await register(desk, { name: '홍길동' });
  const [{ id }] = desk.rows('SELECT lower(hex(customer_id)) AS id FROM profile');
  const customerId = id.replace(/(.{8})(.{4})(.{4})(.{4})(.{12})/, '$1-$2-$3-$4-$5');
  await record(desk, { type: 'adjustPoints', customerId, points: 40, reason: 'goodwill' }).catch(() => {});
  await checkIn(desk, 1);
  await checkOut(desk);
  await desk.waitFor(notice('checkedOut'), { text: 'checked out' });
  await ready(desk, 'pay');
  await desk.press('F4');
  await desk.type('pay-points', '500');
  await desk.waitFor('pay-dialog', { text: 'Not enough points' });
  await desk.screenshot('refused-en');
  assert.ok(!/[가-힣]/u.test((await desk.text('pay-dialog')).replaceAll('홍길동', '')));
});
