import type { AreaOccupancy } from '../../backend';
import { readLastArea } from './lastArea';

export const isFull = ({ area, present }: AreaOccupancy): boolean =>
  area.capacity !== null && present >= area.capacity;

/** The area Enter takes: the last one used here, else the first that has room. */
export function defaultArea(areas: AreaOccupancy[]): AreaOccupancy | undefined {
  const last = readLastArea();
  const open = areas.filter((area) => !isFull(area));
  return open.find(({ area }) => area.areaId === last) ?? open[0];
}
