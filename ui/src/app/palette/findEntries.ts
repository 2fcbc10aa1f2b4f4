import { rankOf } from './rank';
import type { Entry, EntryGroup } from './useEntries';

/** People come after entries whose label, or a word of it, begins with the text, and before all others. */
const PEOPLE_RANK = 1.5;

/**
 * Returns the entries that a text means, as they are listed; without a text all of them, those used last first. Groups stay
 * together, and the one with the best match comes first.
 */
export function findEntries(
  text: string,
  all: readonly Entry[],
  people: readonly Entry[],
  recent: readonly string[],
): Entry[] {
  if (text.trim() === '') {
    const used = recent.flatMap((id) => all.filter((entry) => entry.id === id));
    return [
      ...used.map((entry): Entry => ({ ...entry, group: 'recent' })),
      ...all.filter((entry) => !used.includes(entry)),
    ];
  }
  const ranked = [
    ...people.map((entry) => ({ entry, rank: PEOPLE_RANK })),
    ...all.flatMap((entry) => {
      const rank = rankOf(text, entry.labels);
      return rank === null ? [] : [{ entry, rank }];
    }),
  ];
  const best = new Map<EntryGroup, number>();
  for (const { entry, rank } of ranked) best.set(entry.group, Math.min(rank, best.get(entry.group) ?? rank));
  const bestOf = ({ group }: Entry) => best.get(group) ?? 0;
  const groups = [...best.keys()];
  return ranked
    .sort(
      (one, other) =>
        bestOf(one.entry) - bestOf(other.entry) ||
        groups.indexOf(one.entry.group) - groups.indexOf(other.entry.group) ||
        one.rank - other.rank,
    )
    .map(({ entry }) => entry);
}
