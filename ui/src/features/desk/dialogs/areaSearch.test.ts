import { describe, expect, it } from 'vitest';
import type { AreaOccupancy } from '../../../backend';
import { findAreas } from './areaSearch';

const names = [
  '동문 흡연구역',
  '서문 흡연구역',
  '옥상 정원',
  ...Array.from({ length: 30 }, (_, n) => `별관 ${n + 4}층`),
];
const areas = names.map(
  (name): AreaOccupancy => ({ area: { areaId: name, name, capacity: null }, present: 0, inside: [] }),
);
const found = (text: string) => findAreas(areas, text).map(({ number }) => number);

describe('finding an area', () => {
  it('finds by number, that number first', () => {
    expect(found('3').slice(0, 2)).toEqual([3, 13]);
    expect(found('33')[0]).toBe(33);
  });

  it('finds by a part of the name and by initial consonants', () => {
    expect(found('서문')).toEqual([2]);
    expect(found('ㅇㅅ')).toEqual([3]);
    expect(found('문흡')).toEqual([1, 2]);
  });

  it('shows all areas without a text, and none that doesn’t fit', () => {
    expect(found(' ')).toHaveLength(areas.length);
    expect(found('지하')).toEqual([]);
  });
});
