import { describe, expect, it } from 'vitest';
import { cardForm, cardOf, cardTypedInHangul, looksLikePhone, zeroVariants } from './card';

describe('a card', () => {
  it('loses the prefixes of the scanner and what nobody sees', () => {
    expect(cardOf(']C1NS-2204')).toBe('NS-2204');
    expect(cardOf('~NS-2204', '~')).toBe('NS-2204');
    expect(cardOf('~]C1NS-2204', '~')).toBe('NS-2204');
    expect(cardOf(' NS\u200b-22\u000204\u00ad\r\n')).toBe('NS-2204');
    expect(cardOf(']C1')).toBe(']C1');
  });

  it('has keys instead of the jamo that Hangul input makes of them', () => {
    expect(cardOf('ㅜㄴ-2204-0391')).toBe('NS-2204-0391');
    expect(cardOf('흟1')).toBe('GMFG1');
    expect(cardTypedInHangul('누-77')).toBe('SN-77');
    expect(cardTypedInHangul('김민수')).toBeNull();
    expect(cardTypedInHangul('NS-2204')).toBeNull();
  });

  it('is compared without letter case, spaces and dashes', () => {
    expect(cardForm('ns 2204–0391')).toBe(cardForm('ㅜㄴ-2204-0391'));
  });

  it('may differ from another by leading zeros only', () => {
    expect(zeroVariants('391')).toContain('00000391');
    expect(zeroVariants('00000391')).toContain('391');
    expect(zeroVariants('00000391')).not.toContain('00000391');
    expect(zeroVariants('NS-0391')).toEqual([]);
  });

  it('differs from a phone number', () => {
    expect(looksLikePhone('010-2305-4821')).toBe(true);
    for (const card of ['8801234567890', '12345678', '00000391']) expect(looksLikePhone(card)).toBe(false);
  });
});
