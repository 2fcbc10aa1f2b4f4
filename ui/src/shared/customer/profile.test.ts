import { describe, expect, it } from 'vitest';
import { initialProfile } from './profile';

describe('the form of a new customer', () => {
  it.each([
    ['선우진', { name: '선우진' }],
    ['추가람 2', { name: '추가람 2' }],
    ['NS-2204-9999', { card: 'NS-2204-9999' }],
    ['NS 2204 9999', { card: 'NS 2204 9999' }],
    ['ㅜㄴ-2204-9999', { card: 'ㅜㄴ-2204-9999' }],
    ['8801234567890', { card: '8801234567890' }],
    ['4821', { phone: '4821' }],
    ['010-1234-4821', { phone: '010-1234-4821' }],
    ['010 1234 4821', { phone: '010 1234 4821' }],
    ['+82 10 1234 4821', { phone: '+82 10 1234 4821' }],
    ['０１０．１２３４．４８２１', { phone: '０１０．１２３４．４８２１' }],
    ['선우진 4821', { name: '선우진', phone: '4821' }],
    ['4821 선우진', { name: '선우진', phone: '4821' }],
    ['선우진 010 1234 4821', { name: '선우진', phone: '010 1234 4821' }],
    ['Kim Minsu 010-1234-4821', { name: 'Kim Minsu', phone: '010-1234-4821' }],
    ['선우진 NS-2204-9999', { name: '선우진', card: 'NS-2204-9999' }],
  ])('takes %s for what it is', (text, expected) => {
    expect(initialProfile(text, false)).toEqual(expected);
  });

  it('takes what was scanned for a card', () => {
    expect(initialProfile('01012344821', true)).toEqual({ card: '01012344821' });
  });
});
