import { type Chapter, EAST, NO_ONE } from '../chapter';

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

/** What a supervisor enters after it happened. */
export const afterwards: Chapter = {
  name: 'what happened is entered afterwards',
  play: async (desk) => {
    const customerId = desk.customer('오재현');
    const visit = (beganAt: number, minutes = 10, area = EAST) =>
      ({
        type: 'enterVisit',
        customerId,
        areaId: area,
        beganAt,
        endedAt: beganAt + minutes * MINUTE_MS,
      }) as const;
    // Between two minutes: at each whole one something else happened, and the order of such ties is random.
    await desk.record('a visit of an hour ago', visit(desk.now - 60.5 * MINUTE_MS));
    await desk.record('a visit of yesterday', visit(desk.now - DAY_MS));
    await desk.record('a visit at the same time', visit(desk.now - DAY_MS + 5 * MINUTE_MS));
    await desk.record('a visit of a month ago', visit(desk.now - 31 * DAY_MS));
    await desk.record('a visit of tomorrow', visit(desk.now + DAY_MS));
    await desk.record('a visit that ends first', visit(desk.now - 60 * MINUTE_MS, -1));
    await desk.record('a visit that ends tomorrow', visit(desk.now - 60 * MINUTE_MS, 1_440));
    await desk.record('a visit of nobody', { ...visit(desk.now - DAY_MS), customerId: NO_ONE });
    const happenedAt = desk.now - 2 * DAY_MS;
    const imposed = await desk.record('a penalty', {
      type: 'imposePenalty',
      customerId,
      code: 'REPEAT',
      happenedAt,
    });
    const deduct = {
      type: 'deductPenalty',
      penaltyId: imposed?.penaltyId ?? NO_ONE,
      ground: 'service',
    } as const;
    await desk.record('a deduction before it', { ...deduct, points: 1, happenedAt: happenedAt - 1 });
    await desk.record('a deduction', { ...deduct, points: 1, happenedAt: happenedAt + MINUTE_MS });
    const paidAt = happenedAt + 2 * MINUTE_MS;
    await desk.record('a payment', { type: 'pay', customerId, points: 10, happenedAt: paidAt });
    await desk.record('a payment of too much', { type: 'pay', customerId, points: 1_000_000, happenedAt });
    await desk.record('a payment of long ago', {
      type: 'pay',
      customerId,
      points: 1,
      happenedAt: happenedAt - 31 * DAY_MS,
    });
  },
};
