import type { AccessAct, Actor } from '../types';
import type { MockAccess, MockAccessRow } from './access';
import type { World } from './world';

const MINUTE_MS = 60_000;
const DAY_MS = 1_440 * MINUTE_MS;

/** Some weeks of the access log, the last of them of today. */
export function seedAccess(world: World): MockAccess {
  const { scenario, people, tokens } = world;
  const access: MockAccess = {
    rows: [],
    confirmed: null,
    unwritable: scenario.accessLog === 'unwritable',
    changedAt: scenario.accessLog === 'changed' ? 17 : null,
  };
  if (!['people', 'many', 'crowd'].includes(scenario.seed)) return access;
  const now = Date.now();
  const named = people.map(({ staffId, name }): Actor => ({ kind: 'staff', staffId, name }));
  const [manager, supervisor, staff] = named as [Actor, Actor, Actor];
  const kiosk: Actor = {
    kind: 'token',
    tokenId: tokens[1]?.tokenId ?? 'owner',
    name: tokens[1]?.name ?? null,
  };
  const customers = [...world.customers.keys()];
  const add = (ago: number, by: Actor, act: AccessAct, more: Partial<MockAccessRow> = {}) =>
    access.rows.push({
      ...{ at: now - ago, by, act, customerId: null, outcome: 'done', code: null, reason: null, count: 1 },
      ...more,
    });
  for (let day = 34; day >= 1; day -= 1) {
    const at = day * DAY_MS;
    add(at + 300 * MINUTE_MS, staff, 'signIn');
    for (let index = 0; index < 4; index += 1) {
      const customerId = customers[(day * 7 + index) % customers.length] ?? null;
      add(at + (280 - index * 40) * MINUTE_MS, index % 2 ? staff : supervisor, 'cardOpened', { customerId });
    }
    add(at + 90 * MINUTE_MS, staff, 'listShown', { count: 12 + day });
    if (day % 7 === 0) add(at + 60 * MINUTE_MS, manager, 'backedUp');
  }
  add(190 * MINUTE_MS, staff, 'signIn', { outcome: 'refused', code: 'wrong_pin' });
  add(189 * MINUTE_MS, staff, 'signIn');
  add(150 * MINUTE_MS, kiosk, 'personRead', { customerId: customers[3] ?? null });
  add(121 * MINUTE_MS, staff, 'cardOpened', { customerId: customers[0] ?? null });
  add(96 * MINUTE_MS, supervisor, 'approve');
  add(64 * MINUTE_MS, { kind: 'nobody' }, 'evacuationList', { count: 31 });
  add(63 * MINUTE_MS, { kind: 'nobody' }, 'printed', { count: 31 });
  add(41 * MINUTE_MS, manager, 'exported', { count: 214, reason: 'audit' });
  add(22 * MINUTE_MS, staff, 'exported', { outcome: 'refused', code: 'not_authorised' });
  add(9 * MINUTE_MS, manager, 'mypageOpened', { customerId: customers[1] ?? null });
  if (scenario.accessLog !== 'due') access.confirmed = { at: now - 9 * DAY_MS, by: manager };
  return access;
}
