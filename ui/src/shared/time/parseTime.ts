/** Parses a typed time of day: `14:30`, `9:05` or `1430`; null if there is no such time. */
export function parseTime(text: string): string | null {
  const found = /^(\d{1,2}):?(\d{2})$/.exec(text.trim());
  if (!found) return null;
  const [hour = 24, minute = 60] = found.slice(1).map(Number);
  if (hour > 23 || minute > 59) return null;
  return `${String(hour).padStart(2, '0')}:${String(minute).padStart(2, '0')}`;
}
