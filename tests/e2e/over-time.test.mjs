import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { kafkaForTest } from '../../scripts/lib/kafka.mjs';
import { scenario } from './harness/scenario.mjs';
import {
  checkIn,
  checkOut,
  facts,
  find,
  HANBIT,
  impose,
  invoke,
  joinedTerminal,
  pay,
  quickSetUp,
  record,
  register,
  standing,
} from './steps.mjs';

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
const TEN_YEARS_MS = 3_653 * DAY_MS;
const CLUSTER_TIMEOUT = { timeoutMs: 60_000 };

/** The clock of the program and of its page, which a test moves. */
function movedClock(folder) {
  const file = join(folder.path, 'clock-off');
  let off = 0;
  const set = (ms) => {
    off = ms;
    writeFileSync(file, String(ms));
  };
  set(0);
  return {
    environment: { NOSMOKE_CLOCK_OFF: file },
    set,
    /** Moves the clock of a page too, until it is loaded again. */
    page: (desk) =>
      desk.run((off) => {
        window.systemNow ??= Date.now.bind(Date);
        Date.now = () => window.systemNow() + off;
      }, off),
    now: () => Date.now() + off,
  };
}

/** The Seoul midnight after a time. */
const midnightAfter = (at) => Math.floor((at + 9 * HOUR_MS) / DAY_MS + 1) * DAY_MS - 9 * HOUR_MS;

async function publish(desk, change, toPresent = false) {
  const { form, inForce } = await invoke(desk, 'rules_editor');
  const next = { ...form, ...change };
  await record(desk, { type: 'publishRules', base: inForce.id, form: next, reason: '기준 변경', toPresent });
}

const cardOf = async (desk, name) => {
  const { hits } = await invoke(desk, 'search_customers', { text: name, limit: 5 });
  return invoke(desk, 'customer_card', hits[0].customer.customerId);
};

/** Signs in where the clock is asked about, so that no desk is shown. */
async function signInBefore(desk) {
  await desk.waitFor('lock-screen');
  await desk.type('people-find', HANBIT.manager);
  await desk.press('Enter');
  await desk.waitForCursor('sign-in-pin');
  await desk.type('sign-in-pin', HANBIT.pin);
  await desk.press('Enter');
  await desk.waitGone('lock-screen');
}

scenario('a_clock_ten_years_ahead_loses_nothing_once_it_is_set_right', async ({ launch, folder }) => {
  const clock = movedClock(folder());
  const { environment } = clock;
  let desk = await launch({ environment });
  await quickSetUp(desk);
  await publish(desk, { expiryMonths: '12', levels: [{ at: '40', days: '7' }] });
  await register(desk, { name: '김민수' });
  await checkIn(desk, 1);
  await checkOut(desk);
  await impose(desk, 'AGGRAVATED');
  await impose(desk, 'BASIC');
  await standing(desk, 'PROHIBITED');
  await desk.until(async () => (await cardOf(desk, '김민수')).points.balance === 100, 'it earned');
  const before = facts(desk);
  await desk.close();

  // A scanner's Enter answers nothing, and setting the clock right is enough.
  clock.set(TEN_YEARS_MS);
  desk = await launch({ environment });
  await signInBefore(desk);
  await desk.waitFor('clock-screen', { text: '60일 넘게' });
  await desk.screenshot('1-ten-years-ahead');
  await desk.press('Enter');
  assert.ok(await desk.has('clock-screen', '60일 넘게'));
  clock.set(0);
  await desk.waitFor('desk-screen');
  await find(desk, '김민수');
  await standing(desk, 'PROHIBITED');
  await desk.close();

  // Whoever says that it is right sees what it makes of time; set right, all of it is there.
  clock.set(TEN_YEARS_MS);
  desk = await launch({ environment });
  await signInBefore(desk);
  await desk.click('clock-right');
  await desk.waitFor('desk-screen');
  await find(desk, '김민수');
  await standing(desk, 'WARNED');
  assert.equal((await cardOf(desk, '김민수')).points.balance, 0);
  await register(desk, { name: '홍길동' });
  await impose(desk, 'BASIC');
  await desk.close();

  clock.set(0);
  desk = await launch({ environment });
  await signInBefore(desk);
  await desk.waitFor('clock-screen', { text: '앞 시각' });
  await desk.screenshot('2-before-the-newest');
  await desk.click('clock-right');
  await desk.waitFor('desk-screen');
  await find(desk, '김민수');
  await standing(desk, 'PROHIBITED');
  assert.equal((await cardOf(desk, '김민수')).points.balance, 100);
  assert.deepEqual(facts(desk).slice(0, before.length), before);
  // What the wrong clock stamped is marked on Mypage.
  await find(desk, '홍길동');
  await desk.press('F8');
  await desk.waitFor('mypage-screen');
  await desk.click('mypage-range-everything');
  await desk.waitFor('mypage-ahead');
  await desk.screenshot('3-marked');
});

scenario('a_ban_ends_at_midnight_although_point_is_stopped', async ({ launch, folder }) => {
  const clock = movedClock(folder());
  const desk = await launch({ environment: clock.environment });
  await quickSetUp(desk);
  // The screens would lock when a week passes at once.
  const { session } = await invoke(desk, 'start');
  await invoke(desk, 'save_preferences', { ...session.preferences, autoLockMinutes: 0 });
  await desk.run(() => location.reload());
  await desk.waitFor('desk-screen');
  await publish(desk, { levels: [{ at: '40', days: '7' }] });
  await register(desk, { name: '김민수' });
  await impose(desk, 'AGGRAVATED');
  await impose(desk, 'BASIC');
  await standing(desk, 'PROHIBITED');
  await desk.until(async () => (await cardOf(desk, '김민수')).verdict.behind === false, 'it is published');
  await invoke(desk, 'stop_context', { name: 'point', reason: '점검' });

  // The last evening of the seven days.
  const ends = midnightAfter(clock.now()) + 7 * DAY_MS;
  clock.set(ends - 20_000 - Date.now());
  await clock.page(desk);
  await desk.press('Esc');
  await find(desk, '김민수');
  await standing(desk, 'PROHIBITED');
  await desk.screenshot('1-last-evening');
  // Midnight comes: nobody presses a key, and the verdict turns over.
  await standing(desk, 'WARNED');
  await desk.screenshot('2-after-midnight');
  await checkIn(desk, 1);
  const last = facts(desk).at(-1);
  assert.equal(last.type, 'CheckedIn');
  assert.ok(Date.parse(last.occurred_at) >= ends, last.occurred_at);
  await invoke(desk, 'start_context', 'point');
});

scenario('expiring_points_are_paid_oldest_first', async ({ launch, folder }) => {
  const clock = movedClock(folder());
  clock.set(-35 * DAY_MS);
  const desk = await launch({ environment: clock.environment });
  await quickSetUp(desk);
  await publish(desk, { expiryMonths: '3' });
  await register(desk, { name: '김민수' });
  await checkIn(desk, 1);
  await checkOut(desk);
  await desk.until(async () => (await cardOf(desk, '김민수')).points.balance === 100, 'it earned');
  clock.set(0);
  await checkIn(desk, 1);
  await checkOut(desk);
  await desk.until(async () => (await cardOf(desk, '김민수')).points.balance === 200, 'it earned again');
  await pay(desk, 130);
  const expiries = facts(desk)
    .filter(({ type }) => type === 'Earned')
    .map(({ payload }) => payload.expires_on);
  assert.ok(expiries[0] < expiries[1], expiries.join(' '));
  const paid = facts(desk).findLast(({ type }) => type === 'Paid');
  assert.deepEqual(paid.payload.deduction.lots, { [expiries[0]]: 100, [expiries[1]]: 30 });
  await desk.press('F8');
  await desk.waitFor('mypage-screen');
  await desk.press('F9');
  await desk.waitFor('why');
  await desk.click('why-side-points');
  await desk.waitFor('why-lot', { text: expiries[1].replaceAll('-', '.') });
  await desk.screenshot('1-what-is-left');
});

scenario('a_previewed_rule_change_releases_a_customer_at_another_terminal', async ({ launch, folder }) => {
  const kafka = await kafkaForTest();
  let other;
  try {
    const desk = await launch();
    await quickSetUp(desk);
    await desk.openScreen('connections');
    await desk.type('connection-servers', kafka.servers);
    await desk.click('connection-save');
    await desk.waitFor('[data-testid="sync-chip"][data-state="online"]', CLUSTER_TIMEOUT);
    const joined = await joinedTerminal(desk, { folder: folder('b'), servers: kafka.servers });
    other = joined.other;
    const { customerId } = await other.give({ type: 'registerCustomer', profile: { name: '김민수' } });
    await other.give({ type: 'imposePenalty', customerId, code: 'AGGRAVATED' });
    await other.give({ type: 'imposePenalty', customerId, code: 'BASIC' });
    const standingThere = async () =>
      (await other.ask({ do: 'card', customer: customerId })).verdict.standing;
    assert.equal(await standingThere(), 'PROHIBITED');
    await desk.until(
      async () => (await invoke(desk, 'search_customers', { text: '김민수', limit: 5 })).hits.length > 0,
      'this terminal knows the customer',
      CLUSTER_TIMEOUT,
    );
    await desk.until(
      async () => (await cardOf(desk, '김민수')).verdict.standing === 'PROHIBITED',
      'the ban is known here',
      CLUSTER_TIMEOUT,
    );

    await desk.openScreen('rules');
    await desk.type('[data-testid="rules-levels.0.at"]', '60');
    await desk.click('rules-preview-run');
    await desk.waitFor('rules-preview-now-released', { text: '1명', ...CLUSTER_TIMEOUT });
    await desk.screenshot('1-previewed');
    assert.equal(await standingThere(), 'PROHIBITED');
    await desk.click('rules-publish');
    await desk.type('rules-publish-reason', '기준을 올림');
    await desk.click('rules-publish-present');
    await desk.screenshot('2-publishing');
    await desk.click('rules-publish-confirm');
    await desk.until(
      async () => (await standingThere()) === 'WARNED',
      'it is released there',
      CLUSTER_TIMEOUT,
    );
    await other.give({ type: 'checkIn', customerId, areaId: joined.areaId });
  } finally {
    other?.kill();
    await kafka.stop();
  }
});
