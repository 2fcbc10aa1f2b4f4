import type { AreaOccupancy } from '../../backend';
import { isFull } from '../../shared/inside/isFull';
import { readLastArea } from './lastArea';

/**
 * The area preselected for check-in: the one used last at this terminal, or, if that area is full, the first area that
 * isn't full.
 */
export function defaultArea(areas: AreaOccupancy[]): AreaOccupancy | undefined {
  const last = readLastArea();
  const open = areas.filter((area) => !isFull(area));
  return open.find(({ area }) => area.areaId === last) ?? open[0];
}
