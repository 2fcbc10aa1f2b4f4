import { describe, expect, it } from 'vitest';
import { parseTime } from '../../shared/time/parseTime';
import { momentOf } from './travel';

describe('a moment', () => {
  it('is typed as a time of day', () => {
    expect(['14:30', '9:05', '0905', ' 23:59 ', '00:00'].map(parseTime)).toEqual([
      '14:30',
      '09:05',
      '09:05',
      '23:59',
      '00:00',
    ]);
    expect(['24:00', '12:60', '14', '14:3', 'noon', ''].map(parseTime)).toEqual(Array(6).fill(null));
  });

  it('is the end of that minute in Seoul', () => {
    expect(momentOf('2026-11-20', '14:30', 'asItWas')).toEqual({
      at: Date.parse('2026-11-20T05:30:59.999Z'),
      view: 'asItWas',
    });
  });
});
