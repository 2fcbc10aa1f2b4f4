import assert from 'node:assert/strict';
import { scenario } from './harness/scenario.mjs';
import {
  checkIn,
  find,
  HANBIT,
  invoke,
  keepRecoveryCode,
  quickSetUp,
  record,
  register,
  setUp,
  signIn,
  tryInvoke,
  tryRecord,
} from './steps.mjs';

const SUPERVISOR = { manager: '최민준', pin: '246802' };
const STAFF = { manager: '이하은', pin: '1357' };

/** Adds a supervisor and a member of staff with calls, for scenarios that don't test the form. */
async function hire(desk) {
  await invoke(desk, 'save_staff', { name: SUPERVISOR.manager, role: 'supervisor', pin: SUPERVISOR.pin });
  await invoke(desk, 'save_staff', { name: STAFF.manager, role: 'staff', pin: STAFF.pin });
}

const lock = async (desk) => {
  await desk.press('Ctrl+L');
  await desk.waitFor('people');
};

/** The envelope of the last fact of a type. */
function lastFact(desk, type) {
  const [row] = desk.rows(
    `SELECT CAST(bytes AS TEXT) AS fact FROM fact WHERE type = '${type}' ORDER BY rowid DESC LIMIT 1`,
  );
  return JSON.parse(row.fact);
}

scenario('staff_change_in_the_middle_of_a_payment_by_two_keys_and_a_pin', async ({ launch }) => {
  const desk = await launch();
  await quickSetUp(desk);
  await hire(desk);
  await register(desk, { name: '홍길동' });
  await checkIn(desk);
  await desk.press('F3');
  await desk.until(async () => (await desk.text('balance'))?.includes('100'), 'the points are there');
  await desk.press('F4');
  await desk.type('pay-points', '30');
  await lock(desk);
  await desk.screenshot('lock');
  assert.ok(
    !(await desk.run(() => document.querySelector('[data-testid="lock-screen"]').textContent)).includes(
      '홍길동',
    ),
  );
  const isHidden = () =>
    getComputedStyle(document.querySelector('[data-testid="pay-points"]')).visibility === 'hidden';
  assert.ok(await desk.run(isHidden), 'the payment is hidden');
  assert.equal((await tryInvoke(desk, 'occupancy')).refused.code, 'not_signed_in');
  // Two keys and a PIN: Ctrl L was the first, the number is the second.
  const at = await desk.run(
    (name) =>
      [...document.querySelectorAll('[data-testid="person"]')].findIndex((row) =>
        row.textContent.includes(name),
      ) + 1,
    STAFF.manager,
  );
  await desk.press(String(at));
  await desk.waitForCursor('sign-in-pin');
  await desk.type('sign-in-pin', STAFF.pin);
  await desk.press('Enter');
  await desk.waitFor('staff', { text: STAFF.manager });
  await desk.waitForCursor('pay-points');
  await desk.press('Enter');
  await desk.waitFor('[data-testid="notice"][data-kind="paid"]');
  assert.equal(lastFact(desk, 'Paid').recorded_by.role, 'staff');
});

scenario('a_supervisor_approves_over_a_staff_members_screen_and_both_are_in_the_fact', async ({ launch }) => {
  const desk = await launch();
  await quickSetUp(desk);
  await hire(desk);
  const areas = (await invoke(desk, 'occupancy')).areas;
  await register(desk, { name: '홍길동' });
  const { hits } = await invoke(desk, 'search_customers', { text: '홍길동', limit: 1 });
  const { customerId } = hits[0].customer;
  await record(desk, { type: 'imposePenalty', customerId, points: 45 });
  await lock(desk);
  await signIn(desk, STAFF);
  const refused = { type: 'checkIn', customerId, areaId: areas[0].area.areaId, admission: 'medical' };
  assert.equal((await tryRecord(desk, refused)).refused.code, 'not_authorised');
  await find(desk, '홍길동');
  await desk.waitFor('[data-testid="verdict"]', { text: '금지' });
  await desk.press('F2');
  await desk.waitFor('area-picker');
  await desk.click('override-medical');
  await desk.press('1');
  await desk.waitFor('approval-dialog');
  await desk.type('people-find', SUPERVISOR.manager);
  await desk.press('Enter');
  await desk.waitForCursor('approval-pin');
  await desk.screenshot('approval');
  await desk.type('approval-pin', SUPERVISOR.pin);
  await desk.press('Enter');
  await desk.waitFor('[data-testid="notice"][data-kind="checkedIn"]');
  const { recorded_by, approved_by } = lastFact(desk, 'CheckedIn');
  assert.equal(recorded_by.role, 'staff');
  assert.equal(approved_by.role, 'supervisor');
  assert.notEqual(recorded_by.id, approved_by.id);
  await desk.waitFor('staff', { text: STAFF.manager });
});

scenario('the_recovery_code_opens_once_and_is_refused_twice', async ({ launch }) => {
  const desk = await launch();
  const code = await setUp(desk);
  await lock(desk);
  const recover = async (pin) => {
    await desk.click('lock-recover');
    await desk.type('recover-code', code);
    await desk.type('recover-pin', pin);
    await desk.type('recover-pin-again', pin);
    await desk.press('Enter');
  };
  await recover('975310');
  const next = await keepRecoveryCode(desk);
  assert.notEqual(next, code);
  for (let time = 0; time < 2; time += 1) {
    await recover('111111');
    await desk.waitFor('recover', { text: '코드가 다릅니다' });
    await desk.press('Esc');
    await desk.waitFor('people');
  }
  await signIn(desk, { ...HANBIT, pin: '975310' });
});

scenario('the_evacuation_list_is_shown_before_anyone_has_signed_in', async ({ launch }) => {
  const first = await launch();
  await quickSetUp(first);
  await register(first, { name: '홍길동' });
  await checkIn(first);
  await first.close();
  const desk = await launch();
  await desk.waitFor('people');
  assert.ok(!(await desk.has('body #root', '홍길동')));
  // A card that is read here does nothing.
  await desk.scan('NS-2204-0391', 'Enter');
  await desk.press('F10');
  await desk.waitFor('evacuation-row', { text: '홍길동' });
  await desk.screenshot('evacuation');
  await desk.press('Esc');
  await desk.waitFor('people');
  await signIn(desk);
  await desk.waitFor('desk-screen');
});

scenario('a_customer_is_erased_after_what_goes_and_what_stays_was_shown', async ({ launch }) => {
  const desk = await launch();
  await quickSetUp(desk);
  await register(desk, { name: '홍길동', phone: '010-1234-5678' });
  await desk.openScreen('customers');
  await desk.click('customer-erase');
  await desk.waitFor('erase-id', { text: '홍길동' });
  await desk.screenshot('erase');
  await desk.click('erase-sure');
  await desk.press('Ctrl+Enter');
  await desk.waitFor('customers-said', { text: '지웠습니다' });
  assert.deepEqual(desk.rows("SELECT name FROM profile WHERE name = '홍길동'"), []);
});
