import type { Language } from '../../backend';
import type { Screen } from '../../shared/navigation';

export interface GuidePage {
  /** The file's name without its number. */
  id: string;
  title: string;
  markdown: string;
}

/** The guide's files, loaded when the guide is opened. */
const files = import.meta.glob<string>('../../../../docs/guide/*/*.md', { query: '?raw', import: 'default' });
const PATH = /guide\/(ko|en)\/\d+-([a-z-]+)\.md$/;

/** Reads the pages of the guide in one language, in their order. */
export function readGuide(language: Language): Promise<GuidePage[]> {
  const found = Object.entries(files)
    .flatMap(([path, read]) => {
      const [, folder, id] = PATH.exec(path) ?? [];
      return folder === language && id ? [{ path, id, read }] : [];
    })
    .sort((one, other) => (one.path < other.path ? -1 : 1));
  return Promise.all(
    found.map(async ({ id, read }) => {
      const markdown = await read();
      return { id, title: /^# (.*)$/m.exec(markdown)?.[1] ?? id, markdown };
    }),
  );
}

/** The page that is about each screen. */
const PAGES: Record<Screen, string> = {
  desk: 'desk',
  site: 'desk',
  plan: 'plan',
  review: 'review',
  late: 'wrong-entries',
  customers: 'wrong-entries',
  mypage: 'wrong-entries',
  why: 'desk',
  day: 'day-close',
  period: 'day-close',
  receipts: 'printer',
  areas: 'first-day',
  rules: 'rules',
  people: 'first-day',
  privacy: 'backup',
  sync: 'offline',
  services: 'troubleshooting',
  traces: 'troubleshooting',
  connections: 'offline',
  backup: 'backup',
  settings: 'scanner',
};

export const pageOfScreen = (screen: Screen): string => PAGES[screen] ?? 'first-day';
