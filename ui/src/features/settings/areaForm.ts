import type { Command } from '../../backend';
import { parseWhole } from '../../shared/format';
import { isBlank, isCapacity, LIMITS, lengthOf } from '../../shared/limits';

export interface AreaTexts {
  name: string;
  /** The capacity as typed; empty for an area without a limit. */
  capacity: string;
}

export type AreaProblem = 'needed' | 'tooLong' | 'areas.capacityWhole' | null;

export function areaProblem({ name, capacity }: AreaTexts): AreaProblem {
  if (isBlank(name)) return 'needed';
  if (lengthOf(name) > LIMITS.name) return 'tooLong';
  return capacity === '' || isCapacity(capacity) ? null : 'areas.capacityWhole';
}

export function saveAreaCommand({ name, capacity }: AreaTexts, areaId?: string): Command {
  const people = parseWhole(capacity);
  return {
    type: 'saveArea',
    name,
    ...(areaId ? { areaId } : {}),
    ...(people === null ? {} : { capacity: people }),
  };
}
