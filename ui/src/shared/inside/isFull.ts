import type { AreaOccupancy } from '../../backend';

export const isFull = ({ area, present }: AreaOccupancy): boolean =>
  area.capacity !== null && present >= area.capacity;
