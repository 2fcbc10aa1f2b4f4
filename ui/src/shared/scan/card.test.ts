import { describe, expect, it } from 'vitest';
import { cardOf, isSameCard, looksLikePhone } from './card';

describe('a card', () => {
  it('loses the prefixes of the scanner', () => {
    expect(cardOf(']C1NS-2204')).toBe('NS-2204');
    expect(cardOf('~NS-2204', '~')).toBe('NS-2204');
    expect(cardOf('~]C1NS-2204', '~')).toBe('NS-2204');
    expect(cardOf(']C1~NS-2204', '~')).toBe('NS-2204');
    expect(cardOf('NNS-2204', 'N')).toBe('NS-2204');
    expect(cardOf(']C1')).toBe(']C1');
    expect(cardOf('~', '~')).toBe('~');
  });

  it('is the same without letter case, spaces and dashes, and typed in Hangul', () => {
    expect(isSameCard('ns 2204–0391', 'ㅜㄴ-2204-0391')).toBe(true);
    expect(isSameCard('ns 2204–0391', 'NS-2204-039')).toBe(false);
  });

  it('differs from a phone number', () => {
    expect(looksLikePhone('010-2305-4821')).toBe(true);
    for (const card of ['8801234567890', '12345678', '00000391']) expect(looksLikePhone(card)).toBe(false);
  });
});
