import { addCustomer } from './seed';
import { families, givens } from './seed-many';
import { type MockCustomer, type MockVisit, newId, type World } from './world';

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
const AREAS = 66;
const PEOPLE_INSIDE = 1_000;
/** The intervals at which people inside have no name, or a long one. */
const WALK_IN_EVERY = 9;
const LONG_NAME_EVERY = 40;

/** A name of 40 letters without a space at which a line could break. */
const UNBROKEN_NAME = '가나다라마바사아자차카타파하'.repeat(3).slice(0, 40);
/** A name of 40 letters. */
const LONG_NAME = '프란시스코 막시밀리아노 데 라 크루스 산토스 이 구티에레스 델가도 박사님';

/** The customer with the largest balance that the domain allows, and with a name of 40 letters. */
const RICHEST_CARD = 'NS-9007-19925';
/** Another one, who may smoke. */
const ALLOWED_CARD = 'NS-9007-00001';

const places = [
  '동문',
  '서문',
  '남문',
  '북문',
  '옥상',
  '별관',
  '주차장',
  '승강장',
  '지하상가',
  '환승통로',
  '광장',
];

/** Adds what is hard to show: 66 areas, a thousand people inside, walk-ins, long names and the largest balance. */
export function seedCrowd(world: World): void {
  const now = Date.now();
  for (let index = world.areas.length; index < AREAS; index += 1) {
    const place = places[index % places.length];
    world.areas.push({
      areaId: newId(),
      name: `${place} 제${index + 1} 흡연구역`,
      capacity: index % 5 ? 40 : null,
    });
  }
  const visitOf = ({ customerId }: MockCustomer, index: number): MockVisit => ({
    visitId: newId(),
    customerId,
    areaId: world.areas[index % 7 === 0 ? 6 : (index * 13) % AREAS]?.areaId ?? '',
    since: now - (1 + (index % 400)) * MINUTE_MS,
    by: world.staff.name,
    admitted: false,
    end: null,
    earning: null,
    earned: false,
    kept: 0,
    voided: false,
  });
  for (let index = 0; index < PEOPLE_INSIDE; index += 1) {
    const ending = String((index * 7_919) % 10_000).padStart(4, '0');
    const registeredAt = now - (index % 300) * DAY_MS;
    const plain = `${families[index % families.length]}${givens[Math.floor(index / 7) % givens.length]}`;
    const customer =
      index % WALK_IN_EVERY === 0
        ? addCustomer(world, { registeredAt })
        : addCustomer(world, {
            name: index % LONG_NAME_EVERY === 1 ? LONG_NAME : plain,
            phone: `010-${String(2_000 + ((index * 31) % 8_000))}-${ending}`,
            card: `NS-4000-${String(index).padStart(5, '0')}`,
            registeredAt,
          });
    world.visits.push(visitOf(customer, index));
  }
  addRichest(world, now);
}

function addRichest(world: World, now: number): void {
  const { customerId } = addCustomer(world, {
    name: UNBROKEN_NAME,
    phone: '+82 10 9007 1992 5474',
    card: RICHEST_CARD,
    registeredAt: now - 400 * DAY_MS,
  });
  const by = world.staff.name;
  const allowed = addCustomer(world, {
    name: LONG_NAME,
    phone: '010-9007-1992',
    card: ALLOWED_CARD,
    registeredAt: now - 30 * DAY_MS,
  });
  for (const receiver of [customerId, allowed.customerId]) {
    world.adjustments.push({
      id: newId(),
      customerId: receiver,
      at: now - 20 * DAY_MS,
      by,
      points: Number.MAX_SAFE_INTEGER,
      reason: 'migration',
      note: null,
    });
  }
  world.payments.push({
    paymentId: newId(),
    deductionId: newId(),
    customerId,
    at: now - 5 * MINUTE_MS,
    by,
    points: 60,
    note: '연간 이용권과 휴게실 이용료를 한 번에',
    void: null,
  });
  world.penalties.push({
    penaltyId: newId(),
    accrualId: newId(),
    customerId,
    at: now - 3 * MINUTE_MS,
    code: 'AGGRAVATED',
    points: 1_000,
    areaId: world.areas[0]?.areaId ?? null,
    note: null,
    void: null,
    by,
    terminalName: world.terminal.name,
  });
}
