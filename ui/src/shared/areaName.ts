/** Shortens `동문 흡연구역` (east gate smoking area) to `동문`: at the desk, all areas are smoking areas. */
export const shortAreaName = (name: string): string =>
  name.replace(/\s*(흡연\s?구역|smoking area)$/i, '') || name;
