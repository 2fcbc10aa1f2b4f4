import { type Chapter, enter, NO_ONE, ROOF } from '../chapter';

const LONG_NOTE = '가'.repeat(501);

export const payments: Chapter = {
  name: 'customers pay, and payments are voided',
  play: async (desk) => {
    const pay = { type: 'pay', customerId: desk.customer('김민수') } as const;
    const paid = await desk.record('pay', { ...pay, points: 60, note: '무인매점' });
    await desk.record('pay too much', { ...pay, points: 1_000 });
    for (const points of [0, -1, 1.5, 2 ** 53, 1e300, '', 'x', true, null] as unknown as number[]) {
      await desk.record(`pay ${points}`, { ...pay, points });
    }
    await desk.record('pay a text', { ...pay, points: '5' as unknown as number, note: '' });
    await desk.record('pay with a long note', { ...pay, points: 1, note: LONG_NOTE });
    await desk.record('pay with a NUL', { ...pay, points: 1, note: 'a\0b' });
    await desk.record('nobody pays', { ...pay, customerId: NO_ONE, points: 1 });
    const paymentId = paid?.paymentId ?? '';
    await desk.ask('what has a slip', 'slipEntries', { limit: 3 });
    await desk.ask('what has a slip of them', 'slipEntries', { customerId: pay.customerId, limit: 3 });
    await desk.ask('no cursor of slips', 'slipEntries', { cursor: 'who.1.2', limit: 3 });
    for (const slip of [
      { type: 'receipt', paymentId },
      { type: 'receipt', paymentId: NO_ONE },
      { type: 'penalty', penaltyId: NO_ONE },
      { type: 'card', customerId: NO_ONE },
      { type: 'balance', customerId: NO_ONE },
      { type: 'balance', customerId: pay.customerId },
    ] as const) {
      await desk.ask(`print ${slip.type} ${Object.values(slip)[1] === NO_ONE}`, 'printSlip', slip);
    }
    await desk.record('the payment is void', { type: 'voidPayment', paymentId, reason: 'wrong_amount' });
    await desk.record('void again', { type: 'voidPayment', paymentId, reason: 'other' });
    await desk.record('no payment is void', { type: 'voidPayment', paymentId: NO_ONE, reason: 'other' });
  },
};

export const corrections: Chapter = {
  name: 'balances are corrected',
  play: async (desk) => {
    const adjust = { type: 'adjustPoints', customerId: desk.customer('김민수'), reason: 'goodwill' } as const;
    await desk.record('more', { ...adjust, points: 50, note: '사과' });
    await desk.record('less', { ...adjust, points: -30, reason: 'correction' });
    await desk.record('less than nothing', { ...adjust, points: -100_000 });
    for (const points of [0, 0.5, 2 ** 53, -(2 ** 53), 'x'] as unknown as number[]) {
      await desk.record(`by ${points}`, { ...adjust, points });
    }
    await desk.record('of nobody', { ...adjust, customerId: NO_ONE, points: 1 });
    await desk.record('a large one', { ...adjust, points: 2_000_000 });
    await desk.record('back', { ...adjust, points: -2_000_000, note: LONG_NOTE });
    await desk.record('back without a note', { ...adjust, points: -2_000_000 });
  },
};

export const repeats: Chapter = {
  name: 'a repeated command has its first answer',
  play: async (desk) => {
    const pay = { type: 'pay', customerId: desk.customer('김민수'), points: 10 } as const;
    await desk.recordAs('twice', 'a payment', pay);
    await desk.recordAs('twice', 'the payment again', pay);
    await desk.recordAs('twice', 'another payment with its key', { ...pay, points: 11 });
    await desk.recordAs('later', 'a payment that is refused', { ...pay, points: 100_000 });
    await desk.recordAs('later', 'a payment that is not, with its key', pay);
    await desk.recordAs('', 'no key', pay);
    await desk.recordAs('k'.repeat(129), 'a long key', pay);
    const visitId = await enter(desk, '오재현', ROOF);
    await desk.recordAs('out', 'a check-out', { type: 'checkOut', visitId });
    await desk.recordAs('out', 'the check-out again', { type: 'checkOut', visitId });
  },
};

export const undo: Chapter = {
  name: 'the newest entry is undone',
  play: async (desk) => {
    const newest = async () => {
      const [entry] = await desk.backend.recentEntries({ limit: 1 });
      return entry?.subjectId ?? '';
    };
    const customerId = desk.customer('Anna Kim');
    await desk.record('a penalty', { type: 'imposePenalty', customerId });
    await desk.record('undone', { type: 'voidPenalty', penaltyId: await newest(), reason: 'mistaken' });
    await desk.record('a correction', { type: 'adjustPoints', customerId, points: 20, reason: 'other' });
    await desk.record('a payment', { type: 'pay', customerId, points: 20 });
    await desk.record('undone', { type: 'voidPayment', paymentId: await newest(), reason: 'mistaken' });
    await enter(desk, 'Anna Kim', ROOF);
    await desk.record('undone', { type: 'voidVisit', visitId: await newest(), reason: 'mistaken' });
    await desk.ask('last entries of Anna', 'recentEntries', { customerId, limit: 3 });
    await desk.ask('no last entries', 'recentEntries', { limit: 0 });
  },
};
