import type { Command } from '../../backend';
import { parseWhole } from '../../shared/format';
import { isBlank, LIMITS, lengthOf } from '../../shared/limits';

const CAPACITY_MAX = 100_000;

export interface AreaTexts {
  name: string;
  /** Empty where there is no limit. */
  capacity: string;
}

export type AreaProblem = 'needed' | 'tooLong' | 'areas.capacityWhole' | null;

export function areaProblem({ name, capacity }: AreaTexts): AreaProblem {
  if (isBlank(name)) return 'needed';
  if (lengthOf(name) > LIMITS.name) return 'tooLong';
  if (capacity === '') return null;
  const people = parseWhole(capacity);
  return people !== null && people >= 1 && people <= CAPACITY_MAX ? null : 'areas.capacityWhole';
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
