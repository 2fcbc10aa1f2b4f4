import { describe, expect, it } from 'vitest';
import { rankOf } from './rank';

const desk = ['데스크', 'Desk'];
const backup = ['시스템 › 백업·진단', 'System › Backup'];

describe('the palette', () => {
  it.each([
    ['데스', desk],
    ['뎃', desk],
    ['desk', desk],
    ['ㄷㅅㅋ', desk],
    ['eptmzm', desk],
    ['etz', desk],
    ['ㅇㄷ나', desk],
    ['백업', backup],
    ['backup', backup],
    ['ㅂㅇ', backup],
    ['시스템 백', backup],
    ['qordjq', backup],
  ])('finds by %s', (text, labels) => {
    expect(rankOf(text, labels)).not.toBeNull();
  });

  it('finds nothing else', () => {
    expect(rankOf('백업', desk)).toBeNull();
    expect(rankOf('ㅋㅋ', desk)).toBeNull();
    expect(rankOf('zzz', backup)).toBeNull();
    expect(rankOf(' ', desk)).toBeNull();
  });

  it('puts beginnings first, then words, parts, initial consonants and the other layout', () => {
    const ranks = [
      rankOf('데', desk),
      rankOf('백', backup),
      rankOf('업', backup),
      rankOf('ㅂㅇ', backup),
      rankOf('ept', desk),
    ];
    expect(ranks).toEqual([0, 1, 2, 3, 4]);
  });
});
