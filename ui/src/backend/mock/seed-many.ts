import { addCustomer } from './seed';
import { newId, type World } from './world';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

export const families = [...'김이박최정강조윤장임한오서신권황안송류홍'];
export const givens = [
  '민준',
  '서연',
  '도윤',
  '지우',
  '하은',
  '예준',
  '수아',
  '시우',
  '채원',
  '준서',
  '유진',
  '건우',
];

/** Adds thousands of customers, and areas full of people, to try how fast the lists are. */
export function seedMany(world: World, count = 5_000): void {
  const now = Date.now();
  for (let index = 0; index < count; index += 1) {
    const ending = String((index * 7_919) % 10_000).padStart(4, '0');
    const customer = addCustomer(world, {
      name: `${families[index % families.length]}${givens[Math.floor(index / 7) % givens.length]}`,
      phone: `010-${String((index * 31) % 10_000).padStart(4, '0')}-${ending}`,
      card: `NS-3000-${String(index).padStart(5, '0')}`,
      registeredAt: now - index * HOUR_MS,
    });
    if (index % 25 === 0) {
      world.visits.push({
        visitId: newId(),
        customerId: customer.customerId,
        areaId: world.areas[3]?.areaId ?? '',
        since: now - (index % 300) * MINUTE_MS,
        by: world.staff.name,
        admitted: false,
        end: null,
        earning: null,
        earned: false,
        kept: 0,
        voided: false,
      });
    }
  }
}
