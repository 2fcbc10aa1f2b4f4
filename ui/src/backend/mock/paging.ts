import { refuse } from './world';

export const clamp = (limit: number, max: number): number => Math.min(Math.max(limit, 1), max);

/** Returns a function that cuts a page out of a list, from a cursor on. Refuses a cursor of another list. */
export function pageOf(list: string, cursor: string | null | undefined, limit: number) {
  const prefix = `${list}.`;
  const from = cursor ? Number(cursor.startsWith(prefix) ? cursor.slice(prefix.length) : Number.NaN) : 0;
  if (Number.isNaN(from)) throw refuse('invalid_input', { detail: "the cursor isn't one of this list" });
  return <Row>(rows: Row[]): { rows: Row[]; next: string | null } => {
    const end = from + limit;
    return { rows: rows.slice(from, end), next: end < rows.length ? `${prefix}${end}` : null };
  };
}
