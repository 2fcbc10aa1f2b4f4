import { describe, expect, it } from 'vitest';
import { commandOf, keyed, type Line, nextLine, parseDay } from './lines';

const facility = {
  takesHalf: (ground: string) => ground === 'education',
  longestStayMs: 12 * 3_600_000,
};
const line = (part: Partial<Line>): Line => ({
  ...nextLine(undefined, 'area'),
  customerId: 'c',
  date: '2026-11-20',
  from: '14:30',
  ...part,
});
const moment = (text: string) => Date.parse(`${text}+09:00`);

describe('a line of the sheet', () => {
  it('is a visit with both ends, also over midnight', () => {
    const visit = line({ from: '2350', to: '0:10' });
    expect(commandOf(visit, facility)).toEqual({
      type: 'enterVisit',
      customerId: 'c',
      areaId: 'area',
      beganAt: moment('2026-11-20T23:50:00'),
      endedAt: moment('2026-11-21T00:10:00'),
    });
  });

  it('is a penalty, a deduction or a payment at its time', () => {
    const happenedAt = moment('2026-11-20T14:30:00');
    const of = (part: Partial<Line>) => commandOf(line(part), facility);
    expect(of({ kind: 'penalty', code: 'REPEAT' })).toMatchObject({ code: 'REPEAT', happenedAt });
    expect(of({ kind: 'payment', points: '1,200' })).toMatchObject({ type: 'pay', points: 1200, happenedAt });
    const deduction = { kind: 'penaltyDeduction', penaltyId: 'p' } as const;
    expect(of({ ...deduction, ground: 'service', points: '5' })).toMatchObject({ points: 5, happenedAt });
    expect(of({ ...deduction, ground: 'education', points: '5' })).not.toHaveProperty('points');
  });

  it('names the first field that is missing', () => {
    const of = (part: Partial<Line>) => commandOf(line(part), facility);
    expect(of({ customerId: null })).toBe('customer');
    expect(of({ date: '2026-02-30' })).toBe('date');
    expect(of({ from: '25:00' })).toBe('from');
    expect(of({ to: '' })).toBe('to');
    expect(of({ to: '15:00', areaId: '' })).toBe('area');
    // Nobody stays for most of a day: the end is mistyped.
    expect(of({ from: '14:30', to: '14:15' })).toBe('to');
    expect(of({ kind: 'penaltyDeduction' })).toBe('penalty');
    expect(of({ kind: 'payment', points: '0' })).toBe('points');
  });

  it('keeps its key until another command is sent', () => {
    const first = keyed(line({}), { type: 'pay', customerId: 'c', points: 1 });
    expect(keyed(first, { type: 'pay', customerId: 'c', points: 1 }).idempotencyKey).toBe(
      first.idempotencyKey,
    );
    expect(keyed(first, { type: 'pay', customerId: 'c', points: 2 }).idempotencyKey).not.toBe(
      first.idempotencyKey,
    );
  });

  it('begins with the kind and the day of the one before', () => {
    const next = nextLine(line({ kind: 'payment', points: '5' }));
    expect(next).toMatchObject({
      kind: 'payment',
      date: '2026-11-20',
      customerId: null,
      from: '',
      points: '',
    });
  });

  it('reads days as people write them', () => {
    for (const text of ['2026-11-02', '20261102', '2026.11.2.', '2026/11/02']) {
      expect(parseDay(text)).toBe('2026-11-02');
    }
    expect(['', '2026-13-01', '11-02', '2026-11-31'].map(parseDay)).toEqual([null, null, null, null]);
  });
});
