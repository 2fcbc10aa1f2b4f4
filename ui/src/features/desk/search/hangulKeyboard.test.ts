import { describe, expect, it } from 'vitest';
import { cardTypedInHangul } from './hangulKeyboard';
import { matchedRange } from './matchedRange';

describe('cardTypedInHangul', () => {
  it('converts Hangul letters and syllables to the Latin keys', () => {
    expect(cardTypedInHangul('ㅜㄴ-2204-0391')).toBe('NS-2204-0391');
    expect(cardTypedInHangul('누-77')).toBe('SN-77');
    expect(cardTypedInHangul('흟1')).toBe('GMFG1');
  });

  it('returns null for names and numbers', () => {
    expect(cardTypedInHangul('김민수')).toBeNull();
    expect(cardTypedInHangul('NS-2204')).toBeNull();
  });
});

describe('matchedRange', () => {
  it('returns the matched part of a name', () => {
    expect(matchedRange('ㄱㅁㅅ', '남궁민수')).toEqual([1, 4]);
    expect(matchedRange('민수', '남궁민수')).toEqual([2, 4]);
    expect(matchedRange('ㄱㅁㅅ', '김민수')).toBeNull();
    expect(matchedRange('4821', '남궁민수')).toBeNull();
  });
});
