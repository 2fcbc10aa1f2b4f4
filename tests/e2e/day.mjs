import {
  checkIn,
  checkOut,
  deduct,
  exported,
  find,
  HANBIT,
  invoke,
  pay,
  pickArea,
  ready,
  register,
  search,
  signIn,
  standing,
  typeAreas,
} from './steps.mjs';

const DEMONSTRATION_TIMEOUT_MS = 600_000;

/** The demonstration shows its PINs on its lock screen. */
const DEMONSTRATION_MANAGER = { manager: '박서연', pin: '135790' };

/**
 * Plays a day at the desk: the first start of the program, then work at the demonstration facility with its year of
 * facts. Used by a window test, and by `npm start` on a machine without a display. The callback `tell` receives a
 * sentence per step. Returns the path of the CSV file with the exported histories.
 */
export async function playDay(desk, { tell = () => {} } = {}) {
  await firstStart(desk, tell);
  return workAtDemonstration(desk, tell);
}

async function firstStart(desk, tell) {
  await desk.waitFor('setup-screen');
  tell('The first start: set up a facility and its areas, or open the demonstration.');
  await desk.type('setup-facility', HANBIT.facility);
  await desk.press('Enter');
  await typeAreas(desk, [
    { name: '동문 흡연구역', capacity: 12 },
    { name: '서문 흡연구역', capacity: 8 },
    { name: '옥상 정원', capacity: 20 },
  ]);
  await desk.screenshot('01-set-up');

  tell('The demonstration opens: a facility after a year of use.');
  await desk.click('setup-demonstration');
  await desk.waitFor('lock-screen', { timeoutMs: DEMONSTRATION_TIMEOUT_MS });
  tell('The demonstration shows its PINs; the manager signs in.');
  await desk.screenshot('01-lock');
  await signIn(desk, DEMONSTRATION_MANAGER);
  await desk.waitFor('desk-screen');
}

export async function workAtDemonstration(desk, tell = () => {}) {
  const [regular, banned] = await people(desk);
  tell(`${regular.customer.name} checks in with a card: scan, F2, Enter.`);
  await desk.waitForCursor('search');
  await desk.scan(regular.card, 'Enter');
  await selected(desk, regular);
  await desk.press('F2');
  await desk.waitFor('pick-1');
  await desk.screenshot('02-check-in');
  await desk.press('Esc');
  await desk.waitGone('area-picker');
  await search(desk, initials(regular.customer.name));
  await desk.click(`[data-testid="hit"][data-customer="${regular.customer.customerId}"]`);
  await selected(desk, regular);
  await checkIn(desk);
  await desk.screenshot('03-desk');

  tell('A check-out earns points; a payment spends some of them.');
  await checkOut(desk);
  await pay(desk, 60, { note: '음료 자판기' });
  await desk.screenshot('04-paid');
  await ready(desk, 'pay');
  await desk.press('F4');
  await desk.type('pay-points', '999,999');
  await desk.screenshot('05-payment-refused');
  await desk.press('Esc');
  await desk.waitGone('pay-dialog');

  tell('Mypage: every visit, payment and penalty in one passbook.');
  await desk.press('F8');
  await desk.waitFor('mypage-row');
  await desk.waitFor('mypage-chart');
  await desk.screenshot('06-mypage');
  await desk.press('F9');
  await desk.waitFor('why');
  await desk.press('Esc');
  await desk.waitGone('why');
  const path = await exported(desk);

  tell(`${banned.customer.name} is prohibited; the desk shows why, and what lifts the ban.`);
  await desk.click('rail-desk');
  await find(desk, banned.phone, banned.customer.name);
  await standing(desk, 'PROHIBITED');
  await desk.screenshot('07-prohibited');
  await desk.press('F2');
  await desk.waitFor('override');
  await desk.screenshot('08-override');
  await desk.press('Esc');
  await desk.waitGone('area-picker');
  await desk.press('F9');
  await desk.waitFor('why');
  await desk.screenshot('09-why');
  await desk.press('Esc');
  await desk.waitGone('why');
  await desk.press('F7');
  await desk.waitFor('deduct-dialog');
  await desk.screenshot('10-deduct');
  await desk.press('Esc');
  await desk.waitGone('deduct-dialog');
  await deduct(desk, 'waiver', { note: '책임자 면제' });

  tell('A new customer is registered, and a walk-in checks in without a name.');
  await desk.press('Esc');
  await desk.press('Ctrl+N');
  await desk.waitFor('register-dialog');
  await desk.screenshot('11-register');
  await desk.press('Esc');
  await desk.waitGone('register-dialog');
  await register(desk, { name: '홍길동', phone: '010-0000-0000', card: 'NS-9999-0001' });
  await desk.press('Ctrl+Enter');
  await pickArea(desk, 3);
  await desk.click('evacuation');
  await desk.waitFor('evacuation-row');
  await desk.screenshot('12-evacuation');
  await desk.press('Esc');
  await desk.waitGone('evacuation-dialog');

  tell('Customers and settings, then the same screens in English and dark.');
  await desk.openScreen('customers');
  await desk.waitFor('customer-row');
  await desk.screenshot('13-customers');
  await desk.openScreen('settings');
  await desk.waitFor('settings-screen');
  await desk.screenshot('14-settings');
  await desk.click('settings-theme-dark');
  await desk.click('settings-language-en');
  await desk.until(() => desk.run(() => document.documentElement.lang === 'en'), 'the language is English');
  await desk.screenshot('15-settings-dark-en');
  await desk.click('rail-desk');
  await find(desk, regular.phone, regular.customer.name);
  await desk.screenshot('16-desk-dark-en');
  await desk.press('F8');
  await desk.waitFor('mypage-row');
  await desk.waitFor('mypage-chart');
  await desk.screenshot('17-mypage-dark-en');
  return path;
}

const selected = (desk, { customer }) =>
  desk.until(
    async () => (await desk.text('customer-name-shown')) === customer.name,
    `${customer.name} is selected`,
  );

/** Picks a frequent customer with a card and a phone who isn't inside, and a prohibited customer with a phone. */
async function people(desk) {
  const named = [];
  let banned;
  let cursor;
  do {
    const input = { text: '', limit: 200, ...(cursor && { cursor }) };
    const { hits, next } = await invoke(desk, 'search_customers', input);
    named.push(...hits.filter(({ customer, inside }) => customer.name !== null && inside === null));
    banned = named.find(({ standing: now, phone }) => now === 'PROHIBITED' && phone !== null);
    cursor = next;
  } while (!banned && cursor);
  const regulars = [];
  for (const hit of named
    .filter(({ standing: now, card, phone }) => now === 'ALLOWED' && card !== null && phone !== null)
    .slice(0, 30)) {
    const customerId = hit.customer.customerId;
    const card = await invoke(desk, 'customer_card', customerId);
    // Prefer customers with outstanding penalties, and with a family name so common that a search gives several hits.
    const merits = [card.verdict.outstanding > 0, hit.customer.name.startsWith('김')].filter(Boolean);
    regulars.push({ hit, score: card.points.balance + merits.length * 10_000 });
  }
  regulars.sort((a, b) => b.score - a.score);
  if (regulars.length === 0 || !banned) throw new Error('the demonstration has no suitable customers');
  return [regulars[0].hit, banned];
}

const CONSONANTS = [...'ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ'];

/** The initial consonants of a name: ㄱㅁㅅ of 김민수. */
const initials = (name) =>
  [...name].map((syllable) => CONSONANTS[Math.floor((syllable.codePointAt(0) - 0xac00) / 588)]).join('');
