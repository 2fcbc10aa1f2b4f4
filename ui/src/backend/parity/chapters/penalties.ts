import type { Command } from '../../types';
import { areaNamed, type Chapter, EAST, NO_ONE, ROOF } from '../chapter';
import type { Desk } from '../desk';

type Impose = Partial<Extract<Command, { type: 'imposePenalty' }>>;
type Deduct = Omit<Extract<Command, { type: 'deductPenalty' }>, 'type' | 'penaltyId'>;

const NAME = '오재현';

async function impose(desk: Desk, step: string, given: Impose = {}): Promise<string> {
  const customerId = desk.customer(NAME);
  const imposed = await desk.record(step, { type: 'imposePenalty', customerId, ...given });
  return imposed?.penaltyId ?? '';
}

const deduct = (desk: Desk, step: string, penaltyId: string, given: Deduct) =>
  desk.record(step, { type: 'deductPenalty', penaltyId, ...given });

export const ban: Chapter = {
  name: 'penalties warn and ban',
  play: async (desk) => {
    const east = await areaNamed(desk, EAST);
    await impose(desk, 'a basic penalty');
    await impose(desk, 'of nobody', { customerId: NO_ONE });
    await impose(desk, 'in an unknown area', { areaId: NO_ONE });
    await impose(desk, 'in an area that has no such name', { areaId: '없는 구역' });
    for (const points of [0, 1_001, 1.5, 'x'] as unknown as number[]) {
      await impose(desk, `a penalty of ${points}`, { points });
    }
    await impose(desk, 'with a long note', { note: '가'.repeat(501) });
    await impose(desk, 'a repeated one in an area', { code: 'REPEAT', areaId: east, note: '입구' });
    await impose(desk, 'one of 9 by the area name', { code: 'AGGRAVATED', points: 9, areaId: ROOF });
    await impose(desk, 'an aggravated one', { code: 'AGGRAVATED' });

    const checkIn = { type: 'checkIn', customerId: desk.customer(NAME), areaId: EAST } as const;
    await desk.record('he is prohibited', checkIn);
    const admitted = await desk.record('he is admitted', { ...checkIn, admission: 'facility_order' });
    await desk.record('he is inside already', { ...checkIn, admission: 'medical' });
    await desk.record('he leaves without points', {
      type: 'checkOut',
      visitId: admitted?.visitId ?? '',
      points: 50,
    });
    await desk.record('he is out already', { type: 'checkOut', visitId: admitted?.visitId ?? '' });
    await desk.record('his visit is closed after that', {
      type: 'closeVisit',
      visitId: admitted?.visitId ?? '',
      reason: 'day_close',
    });
  },
};

export const deductions: Chapter = {
  name: 'penalties are deducted from and voided',
  play: async (desk) => {
    const { penalties } = await desk.backend.customerCard(desk.customer(NAME));
    const [aggravated, nine, repeated, basic] = penalties.map(({ penaltyId }) => penaltyId);
    if (!aggravated || !nine || !repeated || !basic) throw new Error(`${desk.side.name}: four penalties`);
    await deduct(desk, 'education', aggravated, { ground: 'education', note: '수료' });
    await deduct(desk, 'education twice', aggravated, { ground: 'education' });
    await deduct(desk, 'education with points', repeated, { ground: 'education', points: 5 });
    await deduct(desk, 'education of nothing', NO_ONE, { ground: 'education' });
    await deduct(desk, 'a waiver without points', repeated, { ground: 'waiver' });
    await deduct(desk, 'a waiver of too much', repeated, { ground: 'waiver', points: 21 });
    for (const points of [0, 2.5, 2 ** 53] as unknown as number[]) {
      await deduct(desk, `a waiver of ${points}`, repeated, { ground: 'waiver', points });
    }
    await deduct(desk, 'a waiver', repeated, { ground: 'waiver', points: 15 });
    await deduct(desk, 'education of what is left', repeated, { ground: 'education' });
    await deduct(desk, 'education of nothing left', repeated, { ground: 'education' });
    await deduct(desk, 'service of nothing left', repeated, { ground: 'service', points: 1 });
    await deduct(desk, 'service', nine, { ground: 'service', points: 4 });
    await deduct(desk, 'service for points, without a price', nine, {
      ground: 'service',
      points: 1,
      pay: true,
    });
    await deduct(desk, 'education of an odd penalty', nine, { ground: 'education' });
    await deduct(desk, 'an appeal', basic, { ground: 'appeal', points: 10 });
    await deduct(desk, 'education of one that is settled', basic, { ground: 'education' });

    const voidPenalty = (step: string, penaltyId: string) =>
      desk.record(step, { type: 'voidPenalty', penaltyId, reason: 'wrong_amount' });
    await voidPenalty('the aggravated one is void', aggravated);
    await voidPenalty('void again', aggravated);
    await voidPenalty('no penalty is void', NO_ONE);
    await deduct(desk, 'a deduction from a void', aggravated, { ground: 'service', points: 1 });
    await voidPenalty('one with nothing left is void', basic);
    const served = await deduct(desk, 'a service by mistake', nine, { ground: 'service', points: 1 });
    const deductionId = served?.deductionId ?? NO_ONE;
    const voidDeduction = (step: string, penaltyId: string, deductionId: string) =>
      desk.record(step, { type: 'voidPenaltyDeduction', penaltyId, deductionId, reason: 'mistaken' });
    await voidDeduction('the service is void', nine, deductionId);
    await voidDeduction('the service is void again', nine, deductionId);
    await voidDeduction('no deduction is void', nine, NO_ONE);
    await voidDeduction('a deduction from no penalty is void', NO_ONE, deductionId);
    await deduct(desk, 'the service once more', nine, { ground: 'service', points: 1 });
    const small = await impose(desk, 'one of a single point', { points: 1 });
    await deduct(desk, 'its education', small, { ground: 'education' });
    const three = await impose(desk, 'one of three', { points: 3 });
    await deduct(desk, 'its education', three, { ground: 'education' });
  },
};
