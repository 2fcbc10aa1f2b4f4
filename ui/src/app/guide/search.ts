import MiniSearch from 'minisearch';
import type { GuidePage } from './pages';
import { type GuideSection, pieces, sectionsOf } from './sections';

const FOUND_MAX = 12;

/** Returns a search of the guide's sections, the best first. All pieces of the text must be found. */
export function guideSearch(pages: readonly GuidePage[]): (text: string) => GuideSection[] {
  const sections = pages.flatMap(({ id, markdown }) => sectionsOf(id, markdown));
  const index = new MiniSearch<GuideSection>({
    fields: ['title', 'heading', 'text'],
    tokenize: pieces,
    searchOptions: { boost: { heading: 3, title: 2 }, combineWith: 'AND' },
  });
  index.addAll(sections);
  const byId = new Map(sections.map((section) => [section.id, section]));
  return (text) =>
    index
      .search(text)
      .slice(0, FOUND_MAX)
      .flatMap(({ id }) => byId.get(String(id)) ?? []);
}
