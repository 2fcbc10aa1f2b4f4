import { describe, expect, it } from 'vitest';
import { formatBytes, formatNumber, formatPhone, formatSigned, parseWhole, phoneEnding } from '.';

describe('numbers', () => {
  it('groups digits and writes a typographic minus', () => {
    expect(formatNumber(1_240)).toBe('1,240');
    expect(formatSigned(100)).toBe('+100');
    expect(formatSigned(-60)).toBe('−60');
    expect(formatSigned(0)).toBe('0');
  });

  it('keeps the unit of a size on the line of its number', () => {
    expect(formatBytes(412)).toBe('412\u00a0B');
    expect(formatBytes(1_468_006)).toBe('1.4\u00a0MB');
  });

  it('parses whole numbers only', () => {
    expect(parseWhole('1,240')).toBe(1_240);
    expect(parseWhole(' 60 ')).toBe(60);
    for (const text of ['', '1.5', '-3', '1e3', '육십', '9'.repeat(16)]) expect(parseWhole(text)).toBeNull();
  });
});

describe('phone numbers', () => {
  it('hyphenates Korean numbers and leaves others unchanged', () => {
    expect(formatPhone('01023054821')).toBe('010-2305-4821');
    expect(formatPhone('0212345678')).toBe('02-1234-5678');
    expect(formatPhone('+82 10 2305 4821')).toBe('+82 10 2305 4821');
    expect(phoneEnding('010-2305-4821')).toBe('4821');
    expect(phoneEnding(null)).toBeNull();
  });
});
