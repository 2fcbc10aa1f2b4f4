import { describe, expect, it } from 'vitest';
import contract from '../backend/bindings/contract.ts?raw';
import { resources, startI18n } from '.';

/** Removes the plural suffix of a text key, because languages have different plural forms. */
const withoutPlural = (key: string) => key.replace(/_(one|other)$/, '');

function paths(texts: object, prefix = ''): string[] {
  return Object.entries(texts).flatMap(([key, value]) =>
    typeof value === 'object' ? paths(value as object, `${prefix}${key}.`) : [`${prefix}${key}`],
  );
}

function textAt(texts: object, path: string): string {
  return path
    .split('.')
    .reduce<unknown>((now, key) => (now as Record<string, unknown>)[key], texts) as string;
}

/** The words of a generated type, read from its source because they exist nowhere at run time. */
function wordsOf(type: 'ErrorCode' | 'FactKind' | 'LineKind'): string[] {
  const source = new RegExp(`^export type ${type} = ([\\s\\S]*?);$`, 'm').exec(contract)?.[1] ?? '';
  const words = source.replaceAll(/\/\*[\s\S]*?\*\//g, '').matchAll(/"(\w+)"/g);
  return [...words].map(([, word]) => word as string);
}

describe('texts', () => {
  for (const namespace of Object.keys(resources.ko) as (keyof typeof resources.ko)[]) {
    const korean = resources.ko[namespace];
    const english = resources.en[namespace];

    it(`${namespace}: both languages have the same keys`, () => {
      const keys = (texts: object) => [...new Set(paths(texts).map(withoutPlural))].sort();
      expect(keys(english)).toEqual(keys(korean));
    });

    it(`${namespace}: no exclamation marks, no legal fines`, () => {
      for (const texts of [korean, english]) {
        for (const path of paths(texts)) expect(textAt(texts, path), path).not.toMatch(/[!！]|과태료/);
      }
    });
  }

  it('has a title and advice for every error code in both languages', () => {
    const codes = wordsOf('ErrorCode');
    expect(codes.length).toBeGreaterThan(40);
    for (const language of ['ko', 'en'] as const) {
      for (const code of codes) {
        const words = (resources[language].errors as Record<string, unknown>)[code];
        expect(words, `${language} ${code}`).toMatchObject({
          title: expect.stringMatching(/\S/),
          advice: expect.stringMatching(/\S/),
        });
      }
    }
  });

  it('has words for every kind of fact and of line, and for no other', () => {
    const kinds = [...new Set([...wordsOf('FactKind'), ...wordsOf('LineKind')])].sort();
    expect(kinds.length).toBeGreaterThan(10);
    for (const language of ['ko', 'en'] as const) {
      expect(Object.keys(resources[language].common.factKind).sort()).toEqual(kinds);
    }
  });

  it('keeps numbers and their units on one line', async () => {
    const { t } = await startI18n('ko');
    expect(t('errors:insufficient_points.title', { balance: '0' })).toBe(
      '잔액이 0\u00a0P여서 포인트가 부족합니다.',
    );
    expect(t('common:points', { value: '1,240' })).toBe('1,240\u00a0P');
    const english = await startI18n('en');
    expect(english.t('common:hoursMinutes', { hours: 3, minutes: 12 })).toBe('3\u00a0h 12\u00a0min');
    expect(english.t('desk:recent.terminal')).toBe('This terminal');
  });

  it('chooses Korean particles by the word before them', async () => {
    const { t } = await startI18n('ko');
    expect(t('errors:area_full.title', { areaName: '동문' })).toBe('동문이 꽉 찼습니다.');
    expect(t('errors:area_full.title', { areaName: '북측 부스' })).toBe('북측 부스가 꽉 찼습니다.');
    expect(t('errors:too_long.title', { field: '메모' })).toBe('메모가 너무 깁니다.');
  });
});
