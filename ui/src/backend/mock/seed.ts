import type { Area, FactKind, HolderView, PenaltyCode, Staff } from '../types';
import { seedBackups } from './backups';
import { newDesktop } from './desktop';
import { engineOf } from './engine';
import { type MockStaff, seedStaff } from './people';
import { newLock } from './pins';
import { seedPlan } from './plans';
import { newPrinter } from './printing';
import { moved } from './recorded';
import { type MockTerminal, SILENT_AFTER_MS } from './replication';
import { seedReplication } from './replication-seed';
import { firstSet } from './rules';
import { defaultForm, viewOf } from './rulesForm';
import type { Scenario } from './scenario';
import { seedServices } from './services';
import { seedTokens, seedTokensElsewhere } from './tokens';
import { seedTraces } from './traces-seed';
import { seedUpdates } from './updates';
import { nameView } from './views';
import { type MockCustomer, type MockVisit, newId, tagOf, type World } from './world';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
/** The time since the start of the program in a scenario. */
const RUNS_MINUTES = 96;

const area = (name: string, capacity: number | null): Area => ({ areaId: newId(), name, capacity });

const staffOf = (person: MockStaff | undefined): Staff => {
  const { staffId, name, role } = person ?? { staffId: newId(), name: '', role: 'manager' as const };
  return { staffId, name, role };
};

export function emptyWorld(scenario: Scenario): World {
  const startedAt = Date.now() - (scenario.seed === 'new' ? 0 : RUNS_MINUTES * MINUTE_MS);
  const people = seedStaff();
  const terminalId = newId();
  const form = defaultForm(scenario.pricePerPenaltyPoint || null);
  return {
    scenario,
    startedAt,
    facility: { id: newId(), name: '한빛역 환승센터' },
    terminal: { id: terminalId, name: '단말 1 · 동문 데스크', incarnation: newId() },
    staff: staffOf(people.find(({ role }) => role === scenario.role)),
    isSignedIn: scenario.lock === 'no',
    approver: null,
    people: ['first', 'waits'].includes(scenario.lock) || scenario.seed === 'new' ? [] : people,
    lock: newLock(),
    joined: scenario.lock === 'waits',
    recoveryCode: scenario.seed === 'new' ? null : '7Q4WNK2MRT9XHB6VDJ3FPC8S0',
    evacuation: scenario.evacuation,
    tokens: seedTokens(scenario, terminalId),
    tokensElsewhere: seedTokensElsewhere(scenario),
    access: { rows: [], confirmed: null, unwritable: false, changedAt: null },
    approvals: new Map(),
    keeping: { unseenYears: null, notice: '' },
    areas: [
      area('동문 흡연구역', 12),
      area('서문 흡연구역', 8),
      area('옥상 정원', 20),
      area('북측 임시부스', null),
    ],
    retiredAreas: [],
    rules: viewOf(form, 1),
    ruleSets: [firstSet(form)],
    rulesDraft: null,
    rulesPreview: null,
    preferencesLost: [],
    preferences: {
      language: scenario.language,
      theme: scenario.theme,
      sound: false,
      zoom: 100,
      scanner: { paceMs: 50, prefix: '' },
      autoLockMinutes: 10,
    },
    isSetUp: scenario.seed !== 'new',
    recording: null,
    clockDoubt: scenario.clock === 'behind' || scenario.clock === 'longAfter' ? scenario.clock : null,
    demonstration: scenario.demonstration,
    linkIds: new Map(),
    lastBackup: null,
    backups: seedBackups(scenario),
    customers: new Map(),
    visits: [],
    payments: [],
    adjustments: [],
    writeOffs: [],
    penalties: [],
    deductions: [],
    records: [],
    cases: [],
    edits: [],
    plans: [],
    dayCloses: [],
    refusals: [],
    otherFacts: 0,
    replication: seedReplication(scenario),
    engine: engineOf(scenario.mypageEngine),
    gateway: { enabled: false, port: 8_080 },
    updates: seedUpdates(scenario),
    printer: newPrinter(scenario),
    traces: seedTraces(scenario),
    services: seedServices(scenario, startedAt),
    desktop: newDesktop(),
    preview: null,
    imports: [],
    answered: new Map(),
  };
}

export function addCustomer(world: World, given: Partial<MockCustomer>): MockCustomer {
  const customer: MockCustomer = {
    customerId: newId(),
    name: null,
    phone: null,
    card: null,
    registeredAt: Date.now(),
    consentOn: null,
    revision: 1,
    erased: false,
    linked: [],
    holders: [],
    received: 0,
    unknownHere: false,
    needsUpdate: false,
    ...given,
  };
  world.customers.set(customer.customerId, customer);
  return customer;
}

const heldAt = (
  { name, lastHeardAt }: MockTerminal,
  points: number,
  more: Partial<HolderView> = {},
): HolderView => ({
  terminalName: name,
  points,
  lastHeardAt,
  gives: true,
  earlier: false,
  here: false,
  ...more,
});

/** Points at a terminal that gives them, at one that doesn't, in earlier incarnations, and at silent terminals. */
function everyKindOfHolder({ replication: { others, formerlyHeld }, terminal }: World): HolderView[] {
  const [second, third] = others;
  if (!second || !third) return [];
  const earlier = { gives: false, earlier: true };
  const silent = others.filter(
    ({ lastHeardAt }) => lastHeardAt === null || Date.now() - lastHeardAt > SILENT_AFTER_MS,
  );
  return [
    heldAt(second, 60),
    heldAt(third, 40, { gives: false }),
    heldAt(third, third.holdsEarlier, earlier),
    heldAt({ ...second, name: terminal.name }, formerlyHeld, { ...earlier, here: true }),
    ...silent.map((one) => heldAt(one, one.holds ?? 25)),
  ].filter(({ points }) => points > 0);
}

/** The number of facts that exist besides the entries of the seed. */
const EARLIER_FACTS = 41_201;

/** Adds customers and entries as on a working day at 10:47. Their times are given as minutes or days before now. */
export function seedPeople(world: World): void {
  world.otherFacts = EARLIER_FACTS;
  const now = Date.now();
  const by = world.staff.name;
  const terminalName = world.terminal.name;
  let cards = 100;
  const person = (name: string, ending: string, daysSince = 240) => {
    cards += 39;
    return addCustomer(world, {
      name,
      phone: `010-2${ending.slice(1)}-${ending}`,
      card: `NS-2204-0${cards}`,
      registeredAt: now - daysSince * DAY_MS,
    });
  };
  const visit = (customer: MockCustomer, areaIndex: number, since: number): MockVisit => ({
    visitId: newId(),
    customerId: customer.customerId,
    areaId: world.areas[areaIndex]?.areaId ?? '',
    since,
    by,
    admitted: false,
    end: null,
    earning: null,
    earned: false,
    kept: 0,
    voided: false,
  });
  const visited = (customer: MockCustomer, areaIndex: number, ago: number, points = 100) =>
    world.visits.push({
      ...visit(customer, areaIndex, now - ago - 24 * MINUTE_MS),
      end: { kind: 'checkOut', at: now - ago, by },
      earning: { earningId: newId(), points },
      earned: true,
    });
  const inside = (customer: MockCustomer, areaIndex: number, ago: number) =>
    world.visits.push(visit(customer, areaIndex, now - ago));
  const penalised = (
    customer: MockCustomer,
    code: PenaltyCode,
    points: number,
    ago: number,
    areaIndex: number | null = 0,
  ) => {
    const penaltyId = newId();
    world.penalties.push({
      penaltyId,
      accrualId: newId(),
      customerId: customer.customerId,
      at: now - ago,
      code,
      points,
      areaId: areaIndex === null ? null : (world.areas[areaIndex]?.areaId ?? null),
      note: null,
      void: null,
      by,
      terminalName,
    });
    return penaltyId;
  };
  const educated = (customer: MockCustomer, penaltyId: string, points: number, ago: number) =>
    world.deductions.push({
      deductionId: newId(),
      penaltyId,
      customerId: customer.customerId,
      at: now - ago,
      ground: 'education',
      points,
      price: 0,
      note: null,
      void: null,
      by: '이도현',
    });
  const paid = (customer: MockCustomer, points: number, ago: number, note: string) =>
    world.payments.push({
      paymentId: newId(),
      deductionId: newId(),
      customerId: customer.customerId,
      at: now - ago,
      points,
      note,
      void: null,
      by,
    });

  const east = [
    ['신예린', '5174', 38],
    ['배성호', '9406', 26],
    ['정가온', '3318', 23],
    ['한도윤', '7750', 18],
    ['서지우', '2263', 12],
    ['고명숙', '6642', 9],
  ] as const;
  const west = [
    ['유다인', '4098', 49],
    ['홍석진', '8127', 32],
    ['조은비', '1575', 19],
  ] as const;
  const roof = [
    ['노지훈', '6031', 35],
    ['안태윤', '4482', 7],
  ] as const;
  for (const [list, index] of [
    [east, 0],
    [west, 1],
    [roof, 2],
  ] as const) {
    for (const [name, ending, minutes] of list) inside(person(name, ending), index, minutes * MINUTE_MS);
  }
  const warned = person('김민수', '7305');
  penalised(warned, 'REPEAT', 20, 30 * DAY_MS, 1);
  inside(warned, 1, 16 * MINUTE_MS);
  inside(person('문태경', '9920'), 3, 12 * HOUR_MS + 37 * MINUTE_MS);

  const minsu = person('김민수', '4821', 610);
  const agoOfVisits = [16.4, 63, 68, 116, 182, 240, 300, 380, 460, 640, 800, 1100, 1500, 2000, 2600, 3100];
  for (const hours of agoOfVisits) visited(minsu, hours % 2 ? 1 : 0, hours * HOUR_MS);
  paid(minsu, 260, 62 * HOUR_MS, '무인매점');
  paid(minsu, 100, 500 * HOUR_MS, '음료 자판기');
  const minsuPenalty = penalised(minsu, 'REPEAT', 20, 16 * DAY_MS);
  educated(minsu, minsuPenalty, 10, 9 * DAY_MS);

  visited(person('강민석', '1190'), 0, 2 * DAY_MS);
  const banned = person('권미선', '2087');
  visited(banned, 0, 4 * DAY_MS);
  penalised(banned, 'REPEAT', 20, 40 * DAY_MS, 1);
  penalised(banned, 'AGGRAVATED', 25, 4 * DAY_MS, null);
  visited(person('곽민서', '3358'), 2, 8 * DAY_MS);
  const overspent = person('남궁민수', '9513');
  visited(overspent, 1, 21 * DAY_MS);
  if (world.scenario.sync !== 'alone') {
    // Terminal 4 was copied, and both copies paid with the same points.
    paid(overspent, 80, 12 * DAY_MS, '음료 자판기');
    const { customerId } = overspent;
    const at = now - 11 * DAY_MS;
    world.writeOffs.push({ id: newId(), customerId, at, points: 80, terminalName: '단말 4 · 관리실' });
  }

  const jaehyun = person('오재현', '3917', 20);
  jaehyun.card = 'NS-2204-0391';
  penalised(jaehyun, 'BASIC', 10, 91 * DAY_MS);
  const second = penalised(jaehyun, 'REPEAT', 20, 78 * DAY_MS, 1);
  educated(jaehyun, second, 10, 66 * DAY_MS);
  penalised(jaehyun, 'AGGRAVATED', 30, 2 * DAY_MS, 1);
  for (const days of [2, 9]) visited(jaehyun, 0, days * DAY_MS, 60);
  const [nextDesk] = world.replication.others;
  if (nextDesk) jaehyun.holders = [heldAt(nextDesk, 200)];
  if (['trouble', 'long'].includes(world.scenario.replication)) minsu.holders = everyKindOfHolder(world);
  person('제갈 알렉산드리아 마리아 피츠제럴드 세바스티안', '0217');
  addCustomer(world, { registeredAt: now - 2 * HOUR_MS });

  const others = [
    ['이수빈', '6105'],
    ['최유진', '8340'],
    ['장현우', '2719'],
    ['윤서아', '5063'],
    ['임채원', '7481'],
  ] as const;
  const named = new Map(others.map(([name, ending]) => [name as string, person(name, ending)]));
  for (const customer of named.values()) visited(customer, 0, 3 * DAY_MS, 400);

  const byName = (name: string) =>
    named.get(name) ?? [...world.customers.values()].find((customer) => customer.name === name);
  const recorded = (
    name: string,
    minutesAgo: number,
    kind: FactKind,
    change: { points?: number; penaltyPoints?: number; areaIndex?: number; staff?: string },
  ) => {
    const customer = byName(name);
    if (!customer) return;
    const eventId = newId();
    world.records.push({
      eventId,
      at: now - minutesAgo * MINUTE_MS,
      customer: {
        customerId: customer.customerId,
        name: customer.name,
        tag: tagOf(customer.customerId),
        unknownHere: false,
      },
      kind,
      subjectId: kind === 'paid' || kind === 'penaltyImposed' ? eventId : null,
      deductionId: null,
      act: null,
      together: 1,
      areaId: change.areaIndex === undefined ? null : (world.areas[change.areaIndex]?.areaId ?? null),
      code: null,
      ground: kind === 'penaltyDeducted' ? 'education' : null,
      points: change.points ?? null,
      penaltyPoints: change.penaltyPoints ?? null,
      by: change.staff ?? by,
      enteredAt: null,
      state:
        world.scenario.sync === 'alone'
          ? 'saved'
          : minutesAgo < 2 || world.scenario.sync === 'offline'
            ? 'pending'
            : name === '윤서아'
              ? 'review'
              : 'confirmed',
    });
  };
  recorded('임채원', 16, 'paid', { points: -120 });
  recorded('윤서아', 14, 'checkedOut', { points: 100, areaIndex: 0 });
  recorded('장현우', 11, 'penaltyDeducted', { penaltyPoints: -5, staff: '이도현' });
  recorded('고명숙', 9, 'checkedIn', { areaIndex: 0 });
  recorded('안태윤', 7, 'checkedIn', { areaIndex: 2 });
  recorded('최유진', 3, 'paid', { points: -60 });
  recorded('이수빈', 0, 'checkedOut', { points: 100, areaIndex: 0 });
  // A terminal whose clock is three hours ahead.
  if (world.scenario.clock === 'ahead')
    for (const customer of world.customers.values()) paid(customer, 10, -3 * HOUR_MS, '휴게실 이용권');
  if (world.scenario.endings) seedRecorded(world);
  if (world.scenario.overtaken) seedOvertaken(world);
  if (world.scenario.plan) seedPlan(world);
}

/** Adds an edit of the first named customer that another terminal overtook. */
function seedOvertaken(world: World): void {
  const customer = [...world.customers.values()].find(({ name }) => name !== null);
  if (!customer) return;
  world.edits.push({
    editId: newId(),
    kind: 'customer',
    customer: nameView(customer),
    name: null,
    editedAt: Date.now() - 20 * MINUTE_MS,
    overtakenAt: Date.now(),
    fields: [{ field: 'phone', before: customer.phone, mine: '010-7777-7777', now: customer.phone }],
    canTake: true,
  });
}

/** Adds the customer of the recording. */
function seedRecorded(world: World): void {
  const { customerId } = addCustomer(world, {
    name: '강하늘',
    phone: '010-2190-7000',
    card: 'NS-2204-7000',
    registeredAt: Date.now() - 106 * DAY_MS,
  });
  const areaId = world.areas[0]?.areaId ?? '';
  world.recording = moved(Date.now(), { customerId, areaId, tag: tagOf(customerId) });
}
