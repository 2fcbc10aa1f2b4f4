import { describe, expect, it } from 'vitest';
import type { Language } from '../../backend';
import { screenNames } from '../places';
import { pageOfScreen, readGuide } from './pages';
import { guideSearch } from './search';
import { pieces, sectionsOf } from './sections';

describe('The guide', () => {
  it('is split at its headings', () => {
    const found = sectionsOf('x', '# Title\n\nFirst.\n\n## A b\n\n- **Pay**\n- `F4`\n');
    expect(found).toEqual([
      { id: 'x#0', page: 'x', title: 'Title', heading: 'Title', text: 'First.' },
      { id: 'x#1', page: 'x', title: 'Title', heading: 'A b', text: 'Pay F4' },
    ]);
  });

  it('is cut into pieces of two letters', () => {
    expect(pieces('백업, F9 a')).toEqual(['백업', 'f9', 'a']);
    expect(pieces('되살리기')).toEqual(['되살', '살리', '리기']);
  });

  it('has the same pages and headings in both languages', async () => {
    const [korean, english] = await Promise.all((['ko', 'en'] as Language[]).map(readGuide));
    expect(english?.map(({ id }) => id)).toEqual(korean?.map(({ id }) => id));
    expect(korean?.length).toBe(12);
    for (const [index, { id, markdown }] of (korean ?? []).entries()) {
      const other = english?.[index]?.markdown ?? '';
      expect(sectionsOf(id, other), id).toHaveLength(sectionsOf(id, markdown).length);
      expect(markdown + other, id).not.toMatch(/<\w/);
    }
  });

  it('has a page for every screen', async () => {
    const ids = (await readGuide('ko')).map(({ id }) => id);
    for (const screen of screenNames) expect(ids, screen).toContain(pageOfScreen(screen));
  });

  it.each([
    ['ko', '회수', 'troubleshooting'],
    ['ko', '되살리', 'backup'],
    ['ko', '오프라', 'offline'],
    ['ko', 'NVIDIA', 'troubleshooting'],
    ['en', 'prefix', 'scanner'],
    ['en', 'hangul typed', 'troubleshooting'],
  ] as const)('finds in %s by %s', async (language, text, page) => {
    const search = guideSearch(await readGuide(language));
    expect(search(text).map((found) => found.page)).toContain(page);
    expect(search('zzqq')).toEqual([]);
  });
});
