import type { ContextName } from '../../types';
import { type Chapter, EAST, ROOF } from '../chapter';
import type { Desk } from '../desk';

const NAMES: ContextName[] = ['check_in', 'point', 'pay', 'penalty', 'mypage', 'publisher', 'consumer'];

async function stop(desk: Desk, name: ContextName, reason: string | null): Promise<void> {
  await desk.wait(1);
  await desk.ask(`${name} is stopped: ${reason}`, 'stopContext', { name, reason });
  await desk.look(`${name} is stopped`, [desk.customer('김민수')]);
}

async function start(desk: Desk, name: ContextName): Promise<void> {
  await desk.wait(1);
  await desk.ask(`${name} is started`, 'startContext', name);
  await desk.look(`${name} is started`, [desk.customer('김민수')]);
}

/** Gives one command of each context. */
async function tryAll(desk: Desk, step: string): Promise<void> {
  const customerId = desk.customer('김민수');
  const entered = await desk.record(`${step}: check in`, { type: 'checkIn', customerId, areaId: EAST });
  await desk.record(`${step}: penalty`, { type: 'imposePenalty', customerId, points: 1 });
  await desk.record(`${step}: pay`, { type: 'pay', customerId, points: 1 });
  await desk.record(`${step}: adjust`, { type: 'adjustPoints', customerId, points: 1, reason: 'other' });
  await desk.record(`${step}: register`, { type: 'registerCustomer', profile: { name: `${step}` } });
  if (entered) await desk.record(`${step}: check out`, { type: 'checkOut', visitId: entered.visitId });
}

export const contexts: Chapter = {
  name: 'contexts are stopped and started',
  play: async (desk) => {
    for (const name of NAMES) {
      await stop(desk, name, name === 'pay' ? '  점검  ' : null);
      await tryAll(desk, `without ${name}`);
      await start(desk, name);
    }
    await desk.ask('a long reason', 'stopContext', { name: 'pay', reason: '가'.repeat(81) });
    await desk.ask('a reason with a NUL', 'stopContext', { name: 'pay', reason: 'a\0' });
    await stop(desk, 'pay', '가'.repeat(80));
    await stop(desk, 'pay', 'again');
    await start(desk, 'pay');
    await start(desk, 'pay');
  },
};

export const waiting: Chapter = {
  name: 'visits wait for their points while point is stopped',
  play: async (desk) => {
    const customerId = desk.customer('김민수');
    const pay = { type: 'pay', customerId, points: 2 } as const;
    await desk.recordAs('before the stop', 'a payment', pay);
    await stop(desk, 'point', '점검');
    await desk.recordAs('before the stop', 'the payment again', pay);
    const first = await desk.record('check in', { type: 'checkIn', customerId, areaId: ROOF });
    const second = await desk.record('another', {
      type: 'checkIn',
      customerId: desk.customer('Anna Kim'),
      areaId: ROOF,
    });
    await desk.record('one waits', { type: 'checkOut', visitId: first?.visitId ?? '' });
    await desk.record('two wait', { type: 'checkOut', visitId: second?.visitId ?? '' });
    await desk.record('one that waits is void', {
      type: 'voidVisit',
      visitId: first?.visitId ?? '',
      reason: 'mistaken',
    });
    const visitId = second?.visitId ?? '';
    // Not followed by a look: until point has passed it, the program counts a check-out as waiting even if taken back.
    await desk.ask('the other is taken back before it earns', 'record', {
      idempotencyKey: 'taken back',
      command: { type: 'takeBackCheckOut', visitId },
    });
    await start(desk, 'point');
    await desk.record('the other earns at its second check-out', { type: 'checkOut', visitId });
  },
};
