import { describe, expect, it } from 'vitest';
import { matchedRange } from './matchedRange';

describe('matchedRange', () => {
  it('returns the matched part of a name', () => {
    expect(matchedRange('ㄱㅁㅅ', '남궁민수')).toEqual([1, 4]);
    expect(matchedRange('민수', '남궁민수')).toEqual([2, 4]);
    expect(matchedRange('ㄱㅁㅅ', '김민수')).toBeNull();
    expect(matchedRange('4821', '남궁민수')).toBeNull();
    expect(matchedRange('민수 4821', '남궁민수')).toEqual([2, 4]);
    expect(matchedRange('4821 ㄴㄱ', '남궁민수')).toEqual([0, 2]);
    expect(matchedRange('garcia', 'José García')).toEqual([5, 11]);
  });
});
