import { describe, expect, it } from 'vitest';
import type { RecentEntry } from '../../backend';
import { lastUndoable } from './undo';

const NOW = 1_800_000_000_000;

const entry = (kind: RecentEntry['kind'], subjectId: string | null, minutesAgo = 0): RecentEntry => ({
  eventId: `${kind} ${subjectId}`,
  at: NOW - minutesAgo * 60_000,
  customer: { customerId: 'c', name: '김민수', unknownHere: false, tag: 'C' },
  kind,
  subjectId,
  areaId: null,
  code: null,
  ground: null,
  points: null,
  penaltyPoints: null,
  by: null,
  state: 'saved',
});

describe('lastUndoable', () => {
  it('undoes the newest check-in, check-out, payment or penalty', () => {
    const undo = lastUndoable([entry('paid', 'p1'), entry('checkedIn', 'v1')], NOW, 15);
    expect(undo?.command).toEqual({ type: 'voidPayment', paymentId: 'p1', reason: 'mistaken' });
    const checkOut = lastUndoable([entry('checkedOut', 'v1'), entry('checkedIn', 'v1')], NOW, 15);
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
    expect(lastUndoable(entries, NOW, 15)?.command).toEqual({
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
    const undo = (from: number) => lastUndoable(entries.slice(from), NOW, 15)?.command;
    expect(undo(0)).toEqual({ type: 'voidVisit', visitId: 'v1', reason: 'mistaken' });
    expect(undo(1)).toEqual({ type: 'takeBackCheckOut', visitId: 'v1' });
  });

  it('stops at the void window', () => {
    expect(lastUndoable([entry('paid', 'p1', 16)], NOW, 15)).toBeNull();
  });
});
