import assert from 'node:assert/strict';
import { scenario } from './harness/scenario.mjs';
import {
  checkIn,
  checkOut,
  deduct,
  exported,
  facts,
  factTypes,
  find,
  HANBIT,
  impose,
  mypageEntries,
  numberOf,
  pay,
  readCsv,
  register,
  setUp,
  signIn,
  standing,
  tryRecord,
  uuid,
} from './steps.mjs';

const KINDS = [
  'visit',
  'payment',
  'paymentVoid',
  'adjustment',
  'penalty',
  'penaltyDeduction',
  'penaltyVoid',
  'writeOff',
];

scenario('a_day_runs_from_the_first_start_to_the_exported_histories', async ({ launch, folder }) => {
  const desk = await launch();
  const balance = async () => numberOf(await desk.text('balance'));
  const outstanding = async () => numberOf(await desk.text('outstanding'));

  await desk.waitFor('setup-screen');
  assert.deepEqual(desk.rows('SELECT * FROM fact'), []);
  await setUp(desk, HANBIT);
  assert.match(await desk.text('body > div'), /한빛역 환승센터/);
  const areas = desk.rows(`SELECT ${uuid('id')} AS id, body FROM reference WHERE kind = 'area'`);
  assert.deepEqual(areas.map(({ body }) => JSON.parse(body).name).sort(), ['453!#FEQ', '옥상']);
  const entrance = areas.find(({ body }) => JSON.parse(body).name === '453!#FEQ').id;
  // The manager's PIN is stored only as a hash.
  const stored = JSON.stringify([desk.rows('SELECT * FROM reference'), desk.rows('SELECT * FROM setting')]);
  assert.ok(!stored.includes(HANBIT.pin));

  await register(desk, { name: '홍길동', phone: '010-4821-0000', card: 'NS-0001' });
  const [profile] = desk.rows(`SELECT ${uuid('customer_id')} AS id, name, phone, card FROM profile`);
  assert.equal(profile.name, '홍길동');
  assert.equal(profile.card, 'NS-0001');

  // F1, F2, F3: the customer checks in at 453!#FEQ, checks out, and earns points.
  await checkIn(desk, 1);
  await desk.waitFor('occupant', { text: '홍길동' });
  assert.match(await desk.text('visit-detail'), /453!#FEQ/);
  await checkOut(desk);
  await desk.until(async () => (await balance()) === 100, '100 P are earned');
  assert.deepEqual(factTypes(desk), ['CheckedIn', 'CheckedOut', 'Earned']);
  const [checkedIn, checkedOut, earned] = facts(desk);
  for (const fact of [checkedIn, checkedOut, earned]) assert.equal(fact.customer_id, profile.id);
  assert.equal(checkedIn.payload.area_id ?? checkedIn.payload.areaId, entrance);
  assert.ok(!JSON.stringify(facts(desk)).includes('홍길동'), 'facts hold no personal data');

  // N5, N9: Mypage shows the visit with the status EARNED.
  await desk.press('F8');
  await desk.waitFor('[data-testid="mypage-row"][data-kind="visit"][data-status="EARNED"]');
  assert.match((await mypageEntries(desk))[0].cells.join(' '), /453!#FEQ.*\+100/);
  await desk.click('rail-desk');

  // F4, F5, N1: paying 60 of 100 leaves 40; paying 60 more is refused with the balance, and nothing is recorded.
  await pay(desk, 60);
  await desk.until(async () => (await balance()) === 40, '40 P are left');
  assert.match(await desk.text('notice'), /60 P를 결제했습니다\. 잔액은 40 P입니다\./);
  const before = facts(desk).length;
  await desk.press('F4');
  await desk.type('pay-points', '60');
  await desk.press('Enter');
  await desk.waitFor('pay-dialog', { text: '포인트가 부족합니다. 잔액은 40 P입니다.' });
  assert.equal(await desk.isEnabled('pay-submit'), false);
  await desk.screenshot('refused');
  await desk.press('Esc');
  await desk.waitGone('pay-dialog');
  const { refused } = await tryRecord(desk, { type: 'pay', customerId: profile.id, points: 60 });
  assert.equal(refused.code, 'insufficient_points');
  assert.equal(refused.params.balance, 40);
  assert.equal(facts(desk).length, before);
  assert.equal(await balance(), 40);

  // F8, F9, N2: penalties of 10 and 30 reach the threshold of 40.
  await impose(desk, 'BASIC');
  await desk.until(async () => (await outstanding()) === 10, '10 points are outstanding');
  await standing(desk, 'ALLOWED');
  await impose(desk, 'AGGRAVATED', { note: '승강장 앞' });
  await standing(desk, 'PROHIBITED');
  const inForce = facts(desk).filter(({ type }) => type === 'PenaltyImposed');
  assert.deepEqual(
    inForce.map(({ payload }) => payload.points),
    [10, 30],
  );

  // N4: check-in is refused with the reason.
  await desk.waitFor('verdict', { text: '금지 기준은 40점입니다' });
  await desk.press('F2');
  await desk.waitFor('override');
  await desk.press('1');
  await desk.waitFor('override-needed');
  await desk.press('Esc');
  await desk.waitGone('area-picker');
  const { refused: banned } = await tryRecord(desk, {
    type: 'checkIn',
    customerId: profile.id,
    areaId: entrance,
  });
  assert.equal(banned.code, 'prohibited');
  assert.equal(banned.params.outstanding, 40);
  assert.equal(banned.params.threshold, 40);
  assert.deepEqual(desk.rows('SELECT * FROM inside'), []);
  await desk.press('F9');
  await desk.waitFor('why');
  assert.equal(await desk.findAll('why-line').length, 2);
  await desk.press('Esc');
  await desk.waitGone('why');

  // F10, F11: an education deducts half of the newer penalty and lifts the ban.
  await deduct(desk, 'education', { note: '금연 교육 1회' });
  await desk.until(() => desk.has('outstanding', '25'), '25 are left');
  await standing(desk, 'WARNED');
  await checkIn(desk, 1);
  await checkOut(desk);
  await desk.until(async () => (await balance()) === 140, '100 P more are earned');

  // N5 to N8, F7, F12: Mypage shows every entry, newest first, with the change of the points and the running sums.
  await desk.press('F8');
  await desk.until(async () => {
    const shown = await mypageEntries(desk);
    return shown.length === 6 && shown[0].status === 'EARNED';
  }, 'six entries are shown and the last visit is earned');
  const lines = await mypageEntries(desk);
  assert.deepEqual(
    lines.map(({ kind, status }) => [kind, status]),
    [
      ['visit', 'EARNED'],
      ['penaltyDeduction', 'DEDUCTED'],
      ['penalty', 'ACCRUED'],
      ['penalty', 'ACCRUED'],
      ['payment', 'PAID'],
      ['visit', 'EARNED'],
    ],
  );
  const shown = lines.map(({ cells }) => cells.slice(4, 8).map((cell) => (cell === '' ? 0 : numberOf(cell))));
  assert.deepEqual(shown, [
    [100, 140, 0, 25],
    [0, 40, -15, 25],
    [0, 40, 30, 40],
    [0, 40, 10, 10],
    [-60, 40, 0, 0],
    [100, 100, 0, 0],
  ]);
  assert.match(lines[1].cells.join(' '), /교육 이수 · 금연 교육 1회/);
  assert.match(lines[2].cells.join(' '), /승강장 앞/);
  for (const [figure, value] of Object.entries({ balance: 140, outstanding: 25 })) {
    const isShown = async () => numberOf(await desk.text(`mypage-${figure}`)) === value;
    await desk.until(isShown, `the ${figure} is ${value}`);
  }
  await desk.screenshot('mypage');

  // The exported CSV file has the same entries.
  const path = await exported(desk);
  assert.ok(path.startsWith(folder().picked), path);
  const records = readCsv(path);
  const byId = new Map(records.map((each) => [each['기록 ID'], each]));
  assert.equal(records.length, lines.length);
  for (const [index, { id, cells }] of lines.entries()) {
    const each = byId.get(id);
    assert.ok(each, `the entry ${id} is in the file`);
    assert.equal(each.이름, '홍길동');
    assert.equal(each.카드, 'NS-0001');
    assert.equal(each.구분, cells[2]);
    assert.equal(each.상태, cells[8]);
    assert.equal(Number(each.포인트), shown[index][0]);
    assert.equal(Number(each.패널티), shown[index][2]);
    assert.equal(each.직원, HANBIT.manager);
    assert.equal(each.단말, HANBIT.terminal);
  }
  const sum = (column) => records.reduce((total, each) => total + Number(each[column]), 0);
  assert.equal(sum('포인트'), 140);
  assert.equal(sum('패널티'), 25);

  // The journal and Mypage's database agree with the screen.
  assert.deepEqual(factTypes(desk), [
    'CheckedIn',
    'CheckedOut',
    'Earned',
    'Paid',
    'PenaltyImposed',
    'PenaltyImposed',
    'PenaltyDeducted',
    'CheckedIn',
    'CheckedOut',
    'Earned',
  ]);
  const entries = desk.rows(
    `SELECT ${uuid('entry_id')} AS id, kind, status, points, penalty_points FROM entry ORDER BY at_ms DESC, entry_id DESC`,
    'mypage.db',
  );
  assert.deepEqual(
    entries.map(({ id, kind, points, penalty_points }) => [id, KINDS[kind], points, penalty_points]),
    lines.map(({ id, kind }, index) => [id, kind, shown[index][0], shown[index][2]]),
  );
  const [published] = desk.rows('SELECT standing, outstanding FROM standing');
  assert.deepEqual(published, { standing: 'WARNED', outstanding: '25' });

  // After a restart on the same data folder, the screens show the same.
  await desk.close();
  const again = await launch();
  await signIn(again);
  await find(again, 'ㅎㄱㄷ', '홍길동');
  assert.equal(numberOf(await again.text('balance')), 140);
  await again.press('F8');
  await again.until(async () => (await mypageEntries(again)).length === 6, 'six entries are shown');
  assert.deepEqual(await mypageEntries(again), lines);
});
