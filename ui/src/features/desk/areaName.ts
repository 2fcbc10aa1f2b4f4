/** `동문 흡연구역` reads `동문` where there is little room: every area here is one. */
export const shortAreaName = (name: string): string =>
  name.replace(/\s*(흡연\s?구역|smoking area)$/i, '') || name;
