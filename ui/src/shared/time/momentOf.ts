/** The moment of `2026-11-20 18:30` in Seoul; null if the text is none. */
export function momentOf(text: string): number | null {
  const parts = /^(\d{4}-\d{2}-\d{2}) (\d{1,2}):(\d{2})$/.exec(text.trim());
  if (!parts) return null;
  const at = Date.parse(`${parts[1]}T${(parts[2] ?? '').padStart(2, '0')}:${parts[3]}:00+09:00`);
  return Number.isNaN(at) ? null : at;
}
