import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { parse } from 'csv-parse/sync';
import { startTerminal } from './harness/terminal.mjs';

// Steps that staff take in the window. Each function waits until the window shows that the step is done.

export const HANBIT = {
  facility: '한빛역 환승센터',
  areas: [{ name: '453!#FEQ', capacity: 12 }, { name: '옥상' }],
  terminal: '단말 1',
  manager: '추가람',
  pin: '480157',
};

/** Fills in the first start's form by typing and Enter alone. */
export async function setUp(desk, { facility, areas, terminal, manager, pin } = HANBIT) {
  await desk.type('setup-facility', facility);
  await desk.press('Enter');
  await typeAreas(desk, areas);
  // Enter in the empty row after the last area moves on to the terminal's name.
  await desk.press('Enter');
  await desk.type('setup-terminal', terminal);
  await desk.press('Enter');
  await desk.type('setup-manager', manager);
  await desk.press('Enter');
  await desk.scan(pin);
  await desk.press('Enter');
  await desk.scan(pin);
  await desk.press('Enter');
  const code = await keepRecoveryCode(desk);
  await desk.waitFor('desk-screen');
  return code;
}

/** Confirms that the recovery code was kept, by the keyboard alone; returns the code. */
export async function keepRecoveryCode(desk) {
  await desk.waitFor('recovery-code');
  const code = await desk.text('recovery-code-text');
  await desk.waitForCursor('recovery-code-print');
  await desk.press('Tab', 'Tab', 'Space', 'Ctrl+Enter');
  await desk.waitGone('recovery-code');
  return code;
}

/** Signs somebody in on the lock screen: the name, Enter, the PIN, Enter. */
export async function signIn(desk, { manager, pin } = HANBIT) {
  await desk.waitFor('lock-screen');
  await desk.type('people-find', manager);
  await desk.press('Enter');
  await desk.waitForCursor('sign-in-pin');
  await desk.type('sign-in-pin', pin);
  await desk.press('Enter');
  await desk.waitGone('lock-screen');
  await desk.waitFor('[data-testid="staff"]', { text: manager });
}

/** Types areas and their capacities, one row each; the cursor is then in an empty row. */
export async function typeAreas(desk, areas) {
  for (const [index, { name, capacity }] of areas.entries()) {
    await desk.type(`setup-area-${index + 1}`, name);
    if (capacity !== undefined) await desk.type(`setup-capacity-${index + 1}`, String(capacity));
    await desk.press('Enter');
  }
}

/** Sets the facility up with one call, for scenarios that don't test the form. */
export async function quickSetUp(desk, { facility, areas, terminal, manager, pin } = HANBIT) {
  await desk.waitFor('setup-screen');
  const input = { facilityName: facility, terminalName: terminal, areas, managerName: manager, pin };
  await invoke(desk, 'set_up', input);
  await desk.run(() => location.reload());
  await desk.waitFor('desk-screen');
}

/** Makes a call as a screen does; returns `{ ok }` or `{ refused }`. */
export function tryInvoke(desk, name, input = null) {
  return desk.run(
    (name, input) =>
      window.__TAURI_INTERNALS__.invoke('call', { name, input }).then(
        (ok) => ({ ok }),
        (refused) => ({ refused }),
      ),
    name,
    input,
  );
}

export async function invoke(desk, name, input) {
  const answer = await tryInvoke(desk, name, input);
  if (answer.refused) throw new Error(`${name} was refused: ${JSON.stringify(answer.refused)}`);
  return answer.ok;
}

/** Returns when the program has received what the page sent before. */
export const received = (desk) => invoke(desk, 'lock_screen');

let requests = 0;

/** Sends a command as a screen does, but without the screen's own checks. */
export function tryRecord(desk, command) {
  requests += 1;
  return tryInvoke(desk, 'record', { idempotencyKey: `test-${Date.now()}-${requests}`, command });
}

export async function record(desk, command) {
  const answer = await tryRecord(desk, command);
  if (answer.refused) throw new Error(`${command.type} was refused: ${JSON.stringify(answer.refused)}`);
  return answer.ok;
}

/** Registers a customer with Ctrl N and the form; the new customer is then selected. */
export async function register(desk, { name, phone, card }) {
  await desk.press('Ctrl+N');
  // The driver has no keys beyond Unicode's basic plane, and a tab would leave the field.
  await (/[\t\u{10000}-\u{10ffff}]/u.test(name)
    ? desk.paste('customer-name', name)
    : desk.type('customer-name', name));
  if (phone !== undefined) await desk.type('customer-phone', phone);
  if (card !== undefined) await desk.type('customer-card', card);
  await desk.click('customer-submit');
  await desk.waitGone('register-dialog');
  await desk.until(async () => (await desk.text('customer-name-shown')) === name, `${name} is selected`);
}

/** Searches for a text and waits until the hits shown belong to it. */
export async function search(desk, text) {
  await desk.type('search', text);
  await desk.waitFor('[data-testid="search-pane"][data-settled]');
}

/** Searches by a part of the name, phone number or card, and waits until this customer, the first hit, is selected. */
export async function find(desk, text, name = text) {
  await search(desk, text);
  await desk.until(async () => (await desk.text('customer-name-shown')) === name, `${name} is found`);
}

/** Waits until the action is enabled and the customer shown is as last recorded, so that its key needs no waiting. */
export function ready(desk, action) {
  const button = `[data-testid="customer-pane"][aria-busy="false"] [data-testid="action-${action}"]`;
  return desk.until(() => desk.isEnabled(button), `${action} can be done`);
}

/** Checks the selected customer in with F2 and an area's number. */
export async function checkIn(desk, number = 1) {
  await ready(desk, 'check-in');
  await desk.press('F2');
  await pickArea(desk, number);
}

/** Presses an area's number in the open picker. */
export async function pickArea(desk, number) {
  await desk.waitFor(`pick-${number}`);
  await desk.press(String(number));
  await desk.waitGone('area-picker');
  await desk.waitFor('[data-testid="notice"][data-kind="checkedIn"]');
}

export async function checkOut(desk) {
  await ready(desk, 'check-out');
  await desk.press('F3');
  await desk.waitFor('[data-testid="notice"][data-kind="checkedOut"]');
}

export async function pay(desk, points, { note } = {}) {
  await ready(desk, 'pay');
  await desk.press('F4');
  await desk.type('pay-points', String(points));
  if (note !== undefined) await desk.type('pay-note', note);
  await desk.press('Enter');
  await desk.waitGone('pay-dialog');
  await desk.waitFor('[data-testid="notice"][data-kind="paid"]');
}

/** Imposes a penalty with F6, a click on the code, and Enter. */
export async function impose(desk, code = 'BASIC', { note } = {}) {
  await ready(desk, 'impose');
  await desk.press('F6');
  await desk.click(`impose-code-${code}`);
  if (note !== undefined) await desk.type('impose-note', note);
  await desk.press('Enter');
  await desk.waitGone('impose-dialog');
  await desk.waitFor('[data-testid="notice"][data-kind="penaltyImposed"]');
}

export async function deduct(desk, ground, { points, note } = {}) {
  await ready(desk, 'deduct');
  await desk.press('F7');
  await desk.click(`deduct-ground-${ground}`);
  if (points !== undefined) await desk.type('deduct-points', String(points));
  if (note !== undefined) await desk.type('deduct-note', note);
  await desk.press('Enter');
  await desk.waitGone('deduct-dialog');
  await desk.waitFor('[data-testid="notice"][data-kind="penaltyDeducted"]');
}

export const standing = (desk, value) => desk.waitFor(`[data-testid="verdict"][data-standing="${value}"]`);

/** Parses a number as the screen shows it: `40 P`, `−60 P`, `1,200` are 40, -60 and 1200. */
export function numberOf(text) {
  const [digits] = text.replaceAll(',', '').replace('−', '-').match(/-?\d+/) ?? [];
  assert.ok(digits !== undefined, `no number in "${text}"`);
  return Number(digits);
}

/** Returns the entries of Mypage on the screen, newest first. */
export function mypageEntries(desk) {
  return desk.run(() =>
    [...document.querySelectorAll('[data-testid="mypage-row"]')]
      .sort((a, b) => Number(a.ariaRowIndex) - Number(b.ariaRowIndex))
      .map((row) => ({
        id: row.dataset.id,
        kind: row.dataset.kind,
        status: row.dataset.status,
        cells: [...row.querySelectorAll('[role="cell"]')].map((cell) => cell.textContent.trim()),
      })),
  );
}

/** Imports the customers of the file that NOSMOKE_PICK_OPEN names. */
export async function importCustomers(desk, { good, bad }) {
  await desk.click('import-open');
  await desk.waitFor(`[data-testid="import-good"][data-value="${good}"]`);
  await desk.waitFor(`[data-testid="import-bad"][data-value="${bad}"]`);
  await desk.click('import-run');
  await desk.waitFor('[data-testid="import-said"][data-state="done"]');
  await desk.click('import-close');
}

/** Gives a manager's reason for an export with names. */
export async function giveReason(desk, reason = 'audit') {
  await desk.click(`export-reason-${reason}`);
  await desk.click('export-reason-submit');
  await desk.waitGone('export-reason');
}

/** Starts an export and returns the path that the dock shows once it is done. */
export async function exported(desk, button = 'export-customer') {
  await desk.press('Ctrl+E');
  await desk.click(button);
  await giveReason(desk);
  return desk.jobPath('export');
}

/** Returns every row of a CSV file, with the first row's names as keys. */
export function readCsv(path) {
  const bytes = readFileSync(path);
  assert.deepEqual([...bytes.subarray(0, 3)], [0xef, 0xbb, 0xbf], 'the file begins with a byte order mark');
  return parse(bytes, { bom: true, columns: true });
}

/** Returns the decoded facts of the terminal's journal, in the order in which the journal received them. */
export function facts(desk) {
  return desk
    .rows('SELECT CAST(bytes AS TEXT) AS bytes FROM fact ORDER BY change_seq')
    .map(({ bytes }) => JSON.parse(bytes));
}

export const factTypes = (desk) => facts(desk).map(({ type }) => type);

/** SQL that formats a 16-byte blob as a UUID. */
export const uuid = (column) =>
  `lower(substr(hex(${column}),1,8)||'-'||substr(hex(${column}),9,4)||'-'||substr(hex(${column}),13,4)||'-'||` +
  `substr(hex(${column}),17,4)||'-'||substr(hex(${column}),21))`;

/**
 * Starts another terminal that joins this one's facility, and waits until the other one has received the areas. The
 * caller must end it.
 */
export async function joinedTerminal(desk, { folder, servers, timeoutMs = 60_000 }) {
  const { code } = await invoke(desk, 'pairing');
  const other = await startTerminal({ folder, servers, name: '단말 2 · 서문 입구', code });
  try {
    const areaId = await desk.until(
      async () => (await other.ask({ do: 'lock_screen' })).areas[0]?.areaId,
      'the other terminal knows the areas',
      { timeoutMs },
    );
    return { other, areaId };
  } catch (failure) {
    other.kill();
    throw failure;
  }
}

/** Registers a customer at another terminal and lets them earn points there; returns the customer's id. */
export async function earnedThere({ other, areaId }, name, points) {
  const { customerId } = await other.give({ type: 'registerCustomer', profile: { name } });
  const { visitId } = await other.give({ type: 'checkIn', customerId, areaId });
  await other.give({ type: 'checkOut', visitId, points });
  return customerId;
}
