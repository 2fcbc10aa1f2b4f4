import assert from 'node:assert/strict';
import { setTimeout as wait } from 'node:timers/promises';
import { scenario } from './harness/scenario.mjs';
import { facts, factTypes, numberOf, pickArea, quickSetUp, ready, record } from './steps.mjs';

const notice = (kind) => `[data-testid="notice"][data-kind="${kind}"]`;

scenario('the_whole_desk_works_by_keyboard_and_scanner_alone', async ({ launch }) => {
  const desk = await launch();
  await quickSetUp(desk);
  const isSelected = (name) =>
    desk.until(async () => (await desk.text('customer-name-shown')) === name, `${name} is selected`);

  // Ctrl N opens the form; a scan fills the card, but its Enter submits nothing; Enter in any field submits the form.
  await desk.press('Ctrl+N');
  await desk.waitForCursor('customer-name');
  await desk.scan('Kim');
  await desk.press('Tab', 'Tab');
  await desk.scan('NS-0001', 'Enter');
  const cardTyped = () => document.querySelector('[data-testid="customer-card"]').value;
  await desk.until(async () => (await desk.run(cardTyped)) === 'NS-0001', 'the card is filled in');
  // Within a second, another Enter counts as the scanner's.
  await wait(1_200);
  await desk.press('Enter');
  await desk.waitGone('register-dialog');
  await isSelected('Kim');
  await desk.waitForCursor('search');
  await record(desk, { type: 'registerCustomer', profile: { name: '추가람', card: 'NS-0002' } });

  // Esc clears the search; a scanned card selects its customer; the Enter that ends the scan records nothing.
  await desk.press('Esc');
  await desk.waitFor('nobody');
  await desk.scan('NS-0002', 'Enter');
  await isSelected('추가람');
  await desk.press('Esc');
  await desk.waitFor('nobody');
  await desk.scan('NS-0001', 'Enter');
  await isSelected('Kim');
  assert.deepEqual(factTypes(desk), []);

  // After a scan, F2 and Enter check the customer in.
  await desk.press('F2');
  await desk.waitFor('pick-1');
  await desk.press('Enter');
  await desk.waitFor(notice('checkedIn'));
  assert.deepEqual(factTypes(desk), ['CheckedIn']);
  await desk.waitForCursor('search');

  // Ctrl Z voids the check-in; F2 and a number check the customer in to another area.
  await desk.press('Ctrl+Z');
  await desk.waitFor(notice('visitEnded'));
  assert.deepEqual(factTypes(desk), ['CheckedIn', 'VisitVoided']);
  await ready(desk, 'check-in');
  await desk.press('F2');
  await pickArea(desk, 2);
  await desk.until(async () => (await desk.text('visit-detail')).includes('옥상'), 'in the second area');

  // F3 checks out; Ctrl Z takes the check-out back; after another one F4 pays, and Ctrl Z voids the payment.
  await ready(desk, 'check-out');
  await desk.press('F3');
  await desk.waitFor(notice('checkedOut'));
  await desk.until(async () => numberOf(await desk.text('balance')) === 100, '100 P are earned');
  await desk.press('Ctrl+Z');
  await desk.waitFor(notice('checkOutTakenBack'), { text: '100 P' });
  await ready(desk, 'check-out');
  await desk.press('F3');
  await desk.waitFor(notice('checkedOut'));
  await desk.until(async () => numberOf(await desk.text('balance')) === 100, '100 P are earned again');
  await desk.press('F4');
  await desk.waitForCursor('pay-points');
  await desk.scan('60');
  await desk.press('Enter');
  await desk.waitFor(notice('paid'));
  await desk.until(async () => numberOf(await desk.text('balance')) === 40, '40 P are left');
  await desk.press('Ctrl+Z');
  await desk.waitFor(notice('paymentVoided'));
  await desk.until(async () => numberOf(await desk.text('balance')) === 100, 'the points are returned');

  // F6, a code's number and Enter impose a penalty; F9 explains the verdict; F7 and Enter deduct by an education.
  await desk.press('F6');
  await desk.waitFor('impose-dialog');
  await desk.press('3', 'Enter');
  await desk.waitFor(notice('penaltyImposed'));
  await desk.until(async () => numberOf(await desk.text('outstanding')) === 30, '30 points are outstanding');
  await desk.press('F9');
  await desk.waitFor('why-line');
  await desk.press('Esc');
  await desk.waitGone('why');
  await isSelected('Kim');
  await desk.press('F7');
  await desk.waitFor('deduct-dialog');
  await desk.press('Enter');
  await desk.waitFor(notice('penaltyDeducted'));
  await desk.until(async () => numberOf(await desk.text('outstanding')) === 15, '15 are left');

  // Ctrl Z voids the deduction, and Ctrl Y deducts again.
  await desk.press('Ctrl+Z');
  await desk.waitFor(notice('penaltyDeductionVoided'));
  await desk.until(async () => numberOf(await desk.text('outstanding')) === 30, '30 are outstanding again');
  await desk.press('Ctrl+Y');
  await desk.waitFor(notice('penaltyDeducted'));
  await desk.until(async () => numberOf(await desk.text('outstanding')) === 15, '15 are left again');

  // F8 opens Mypage, Ctrl F its customer search, Ctrl K the palette, which leads back to the desk.
  await desk.press('F8');
  await desk.waitFor('mypage-row');
  await desk.press('Ctrl+F');
  await desk.waitFor('mypage-search');
  await desk.press('Esc');
  await desk.press('Ctrl+K');
  await desk.waitFor('palette-search');
  await desk.type('palette-search', '데스크');
  await desk.press('Enter');
  await desk.waitFor('desk-screen');

  // Alt and a number open a place, Ctrl Tab its next tab, and the place keeps that.
  await desk.press('Alt+4');
  await desk.waitFor('mypage-search');
  await desk.press('Ctrl+Tab');
  await desk.waitFor('[data-testid="tab-why"][aria-selected="true"]');
  await desk.press('Ctrl+PageUp');
  await desk.waitFor('[data-testid="tab-mypage"][aria-selected="true"]');
  await desk.press('Alt+1');
  await desk.waitFor('desk-screen');

  // Ctrl Enter checks in a walk-in; F1 shows the keys.
  const before = facts(desk).length;
  await desk.press('Ctrl+Enter');
  await desk.waitFor('area-picker');
  await desk.press('Esc');
  await desk.waitGone('area-picker');
  await desk.press('F1');
  await desk.waitFor('keys-help');
  await desk.screenshot('keys');
  await desk.press('Esc');
  await desk.waitGone('[data-testid="keys-help"] [role="dialog"]');
  assert.equal(facts(desk).length, before);
  assert.deepEqual(factTypes(desk), [
    'CheckedIn',
    'VisitVoided',
    'CheckedIn',
    'CheckedOut',
    'Earned',
    'CheckOutTakenBack',
    'CheckedOut',
    'Earned',
    'Paid',
    'PaymentVoided',
    'PenaltyImposed',
    'PenaltyDeducted',
    'PenaltyDeductionVoided',
    'PenaltyDeducted',
  ]);
});
