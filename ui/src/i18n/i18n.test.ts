import { describe, expect, it } from 'vitest';
import contract from '../backend/bindings/contract.ts?raw';
import { resources, startI18n } from '.';

/** Where a language has several forms of one text, they count as one. */
const formless = (key: string) => key.replace(/_(one|other)$/, '');

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

/** The generated type is the one list of codes. */
const errorCode = /^export type ErrorCode = ([\s\S]*?);$/m.exec(contract)?.[1] ?? '';
const codes = [...errorCode.replaceAll(/\/\*[\s\S]*?\*\//g, '').matchAll(/"(\w+)"/g)].map(
  ([, code]) => code as string,
);

describe('texts', () => {
  for (const namespace of Object.keys(resources.ko) as (keyof typeof resources.ko)[]) {
    const korean = resources.ko[namespace];
    const english = resources.en[namespace];

    it(`${namespace}: both languages have the same keys`, () => {
      const keys = (texts: object) => [...new Set(paths(texts).map(formless))].sort();
      expect(keys(english)).toEqual(keys(korean));
    });

    it(`${namespace}: no exclamation marks, no legal fines`, () => {
      for (const texts of [korean, english]) {
        for (const path of paths(texts)) expect(textAt(texts, path), path).not.toMatch(/[!！]|과태료/);
      }
    });
  }

  it('words every error code in both languages', () => {
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

  it('fits Korean particles to the word before them', async () => {
    const { t } = await startI18n('ko');
    expect(t('errors:area_full.title', { areaName: '동문' })).toBe('동문이 꽉 찼습니다.');
    expect(t('errors:area_full.title', { areaName: '북측 부스' })).toBe('북측 부스가 꽉 찼습니다.');
    expect(t('errors:too_long.title', { field: '메모' })).toBe('메모가 너무 깁니다.');
  });
});
