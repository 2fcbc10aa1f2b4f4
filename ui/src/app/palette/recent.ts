/** More entries than are shown before a text is typed would hide the rest. */
const REMEMBERED_MAX = 5;

let recent: readonly string[] = [];

/** The ids of the entries that were used last, the last first. People aren't among them: nobody else may read them. */
export const recentEntries = (): readonly string[] => recent;

/** Remembers an entry, while the program runs. */
export function noteUsed(id: string): void {
  recent = [id, ...recent.filter((one) => one !== id)].slice(0, REMEMBERED_MAX);
}
