import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import type { Recording } from '../mock/recorded';
import type { CustomerCard, MypagePage, Occupancy, Why } from '../types';
import { MANAGER_PIN } from './chapter';
import { Desk } from './desk';
import { startProgram } from './program';

/**
 * What time changes without a fact: a ban that ends, a penalty that lapses, points that expire. The mock doesn't decide
 * these a second time: for one customer it shows the answers of the program that are recorded here, moved to its own day.
 * `UPDATE_RECORDED=1 npm run test:parity overTime` writes them again.
 */
const FILE = fileURLToPath(new URL('../mock/recorded/overTime.json', import.meta.url));

const NAME = '강하늘';
const CARD = 'NS-2204-7000';
const AREA = '동문 흡연구역';

const at = (day: string, time = '10:00') => Date.parse(`${day}T${time}:00+09:00`);

/** The days on which something happened, and those on which only time changed something. */
const MOMENTS = [
  ...['2026-01-12', '2026-02-10', '2026-03-02', '2026-03-14', '2026-04-01', '2026-04-20', '2026-04-21'],
];
/** The last day of the ban, and the day after it. */
const DAYS = ['2026-04-28', '2026-04-29'];

async function live(desk: Desk): Promise<void> {
  await desk.ask('start', 'start');
  await desk.ask('set up', 'setUp', {
    facilityName: '한빛역 환승센터',
    terminalName: '단말 1 · 동문 데스크',
    areas: [{ name: AREA }],
    managerName: '박서연',
    pin: MANAGER_PIN,
  });
  const editor = await desk.backend.rulesEditor();
  const form = {
    ...editor.form,
    levels: [{ at: '40', days: '7' }],
    lapse: { days: '60', how: 'fixed' as const },
    expiryMonths: '2',
  };
  const base = editor.inForce.id;
  await desk.record('rules', { type: 'publishRules', base, form, reason: '기준', toPresent: false });
  const profile = { name: NAME, phone: '010-2190-7000', card: CARD };
  const saved = await desk.record('register', { type: 'registerCustomer', profile });
  const customerId = saved?.customerId ?? '';
  desk.customers.set(NAME, customerId);
  const visit = async () => {
    const entered = await desk.record('in', { type: 'checkIn', customerId, areaId: AREA });
    await desk.wait(24);
    await desk.record('out', { type: 'checkOut', visitId: entered?.visitId ?? '' });
    await desk.side.settle();
  };
  const impose = (code: 'REPEAT' | 'AGGRAVATED') =>
    desk.record(code, { type: 'imposePenalty', customerId, code, areaId: AREA });
  await visit();
  await impose('REPEAT');
  await to(desk, at('2026-02-10', '09:00'));
  await visit();
  await to(desk, at('2026-03-02', '09:00'));
  await visit();
  await desk.record('pay', { type: 'pay', customerId, points: 60, note: '휴게실 이용권' });
  await to(desk, at('2026-04-20', '09:00'));
  await impose('AGGRAVATED');
  await to(desk, at('2026-04-21', '09:00'));
  await impose('REPEAT');
  await desk.side.settle();
}

async function to(desk: Desk, ms: number): Promise<void> {
  desk.now = ms;
  await desk.side.setClock(ms);
}

/** Asks what the mock shows of the customer. */
async function record(desk: Desk): Promise<Recording> {
  const customerId = desk.customer(NAME);
  const answer = <T>() => desk.got.at(-1)?.answer as T;
  const then: Recording['then'] = [];
  await to(desk, at(DAYS[0] ?? ''));
  for (const day of MOMENTS) {
    const moment = { at: at(day), view: 'asItWas' as const };
    await desk.ask(`why on ${day}`, 'why', { customerId, moment });
    const why = answer<Why>();
    await desk.ask(`Mypage on ${day}`, 'mypage', { customerId, filter: 'all', limit: 100, moment });
    then.push({ at: moment.at, why, page: answer<MypagePage>() });
  }
  const days: Recording['days'] = [];
  for (const day of DAYS) {
    await to(desk, at(day));
    await desk.side.settle();
    await desk.ask(`the card on ${day}`, 'customerCard', customerId);
    const card = answer<CustomerCard>();
    await desk.ask(`Mypage on ${day}`, 'mypage', { customerId, filter: 'all', limit: 100 });
    const page = answer<MypagePage>();
    await desk.ask(`why on ${day}`, 'why', { customerId });
    days.push({ from: at(day, '00:00'), card, page, why: answer<Why>() });
  }
  await desk.ask('the areas', 'occupancy');
  const [area] = answer<Occupancy>().areas;
  const customer = days[0]?.card.customer.customerId ?? '';
  return { now: at(DAYS[0] ?? ''), customerId: customer, areaId: area?.area.areaId ?? '', then, days };
}

test('the recorded answers are those of the program', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'nosmoke-recorded-'));
  const side = await startProgram({ folder, now: at('2026-01-12', '09:00') });
  try {
    const desk = new Desk(side, at('2026-01-12', '09:00'));
    await live(desk);
    const recording = await record(desk);
    if (process.env.UPDATE_RECORDED) writeFileSync(FILE, `${JSON.stringify(recording, null, 2)}\n`);
    expect(recording).toEqual(JSON.parse(readFileSync(FILE, 'utf8')));
    const [ban, after] = recording.days;
    expect([ban?.card.verdict.standing, after?.card.verdict.standing]).toEqual(['PROHIBITED', 'WARNED']);
    expect(ban?.page.entries.map(({ kind }) => kind)).toEqual(
      expect.arrayContaining(['expired', 'lapsed', 'penalty', 'payment', 'visit']),
    );
  } finally {
    await side.end();
    rmSync(folder, { recursive: true, force: true });
  }
});
