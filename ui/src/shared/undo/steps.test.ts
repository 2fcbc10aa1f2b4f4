import { describe, expect, it } from 'vitest';
import type { RecentEntry } from '../../backend';
import { correctedBy, lastUndoable } from './steps';

const NOW = 1_800_000_000_000;

const entry = (kind: RecentEntry['kind'], subjectId: string | null, minutesAgo = 0): RecentEntry => ({
  eventId: `${kind} ${subjectId}`,
  at: NOW - minutesAgo * 60_000,
  customer: { customerId: 'c', name: '김민수', unknownHere: false, tag: 'C' },
  kind,
  subjectId,
  deductionId: null,
  act: null,
  together: 1,
  areaId: null,
  code: null,
  ground: null,
  points: null,
  penaltyPoints: null,
  by: null,
  state: 'saved',
  enteredAt: null,
});

describe('lastUndoable', () => {
  it('undoes the newest check-in, check-out, payment or penalty', () => {
    const undo = lastUndoable([entry('paid', 'p1'), entry('checkedIn', 'v1')]);
    expect(undo?.command).toEqual({ type: 'voidPayment', paymentId: 'p1', reason: 'mistaken' });
    const checkOut = lastUndoable([entry('checkedOut', 'v1'), entry('checkedIn', 'v1')]);
    expect(checkOut?.command).toEqual({ type: 'takeBackCheckOut', visitId: 'v1' });
  });

  it('skips entries that have a later entry about the same subject', () => {
    const entries = [
      entry('visitVoided', 'v1'),
      entry('paymentVoided', 'p1'),
      entry('paid', 'p1'),
      entry('checkedOut', 'v1'),
      entry('checkedIn', 'v1'),
      entry('penaltyImposed', 'n1'),
    ];
    expect(lastUndoable(entries)?.command).toEqual({
      type: 'voidPenalty',
      penaltyId: 'n1',
      reason: 'mistaken',
    });
  });

  it('counts a check-out that was taken back as if it had never been', () => {
    const entries = [
      entry('checkOutTakenBack', 'v1'),
      entry('checkedOut', 'v1'),
      entry('checkOutTakenBack', 'v1'),
      entry('checkedOut', 'v1'),
      entry('checkedIn', 'v1'),
    ];
    const undo = (from: number) => lastUndoable(entries.slice(from))?.command;
    expect(undo(0)).toEqual({ type: 'voidVisit', visitId: 'v1', reason: 'mistaken' });
    expect(undo(1)).toEqual({ type: 'takeBackCheckOut', visitId: 'v1' });
  });

  it('counts a deduction that was voided as if it had never been', () => {
    const of = (kind: RecentEntry['kind'], deductionId: string | null) => ({
      ...entry(kind, 'n1'),
      deductionId,
      ground: 'service' as const,
      penaltyPoints: 5,
    });
    const entries = [
      of('penaltyDeductionVoided', 'd2'),
      of('penaltyDeducted', 'd2'),
      of('penaltyDeducted', 'd1'),
      of('penaltyImposed', null),
    ];
    const undo = lastUndoable(entries);
    expect(undo?.command).toMatchObject({ type: 'voidPenaltyDeduction', penaltyId: 'n1', deductionId: 'd1' });
    const again = undo?.reverse({ type: 'done' });
    expect(again?.command).toEqual({ type: 'deductPenalty', penaltyId: 'n1', ground: 'service', points: 5 });
    const voided = [of('penaltyDeductionVoided', 'd1'), ...entries];
    expect(lastUndoable(voided)?.command).toMatchObject({ type: 'voidPenalty', penaltyId: 'n1' });
  });

  it('takes those back together who were checked out together', () => {
    const out = (visitId: string) => ({
      ...entry('checkedOut', visitId),
      act: 'a',
      together: 2,
      areaId: 'east',
    });
    const entries = [out('v2'), out('v1'), entry('checkedIn', 'v1')];
    const undo = lastUndoable(entries);
    expect(undo).toMatchObject({ command: { type: 'takeBackAreaCheckOut', act: 'a' }, asksAlways: true });
    expect(undo?.reverse({ type: 'done' })?.command).toEqual({ type: 'checkOutArea', areaId: 'east' });
    const alone = { ...out('v2'), together: 1 };
    expect(lastUndoable([alone])?.command).toEqual({ type: 'takeBackCheckOut', visitId: 'v2' });
  });

  it('names what the program is asked about', () => {
    const of = (kind: RecentEntry['kind'], subject: string) => {
      const step = lastUndoable([entry(kind, subject)]);
      return step && correctedBy(step.command);
    };
    expect(of('paid', 'p1')).toEqual({ type: 'payment', paymentId: 'p1' });
    expect(of('checkedIn', 'v1')).toEqual({ type: 'visit', visitId: 'v1' });
    expect(of('penaltyImposed', 'n1')).toEqual({ type: 'penalty', penaltyId: 'n1' });
    expect(correctedBy({ type: 'takeBackAreaCheckOut', act: 'a' })).toEqual({ type: 'checkOuts', act: 'a' });
  });
});
