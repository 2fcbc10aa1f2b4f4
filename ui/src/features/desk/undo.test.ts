import { describe, expect, it } from 'vitest';
import type { RecentRecord, RecordKind } from '../../backend';
import { lastUndoable } from './undo';

const NOW = 1_800_000_000_000;

const record = (kind: RecordKind, subjectId: string | null, minutesAgo = 0): RecentRecord => ({
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
  it('takes the newest check-in, payment or penalty', () => {
    const undo = lastUndoable([record('paid', 'p1'), record('checkedIn', 'v1')], NOW, 15);
    expect(undo?.command).toEqual({ type: 'voidPayment', paymentId: 'p1', reason: 'mistaken' });
  });

  it('leaves alone what something was recorded about since', () => {
    const records = [
      record('checkedOut', 'v1'),
      record('paymentVoided', 'p1'),
      record('paid', 'p1'),
      record('checkedIn', 'v1'),
      record('penaltyImposed', 'n1'),
    ];
    expect(lastUndoable(records, NOW, 15)?.command).toEqual({
      type: 'voidPenalty',
      penaltyId: 'n1',
      reason: 'mistaken',
    });
  });

  it('stops at the void window', () => {
    expect(lastUndoable([record('paid', 'p1', 16)], NOW, 15)).toBeNull();
  });
});
