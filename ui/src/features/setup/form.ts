import { isBlank, isCapacity, LIMITS, lengthOf } from '../../shared/limits';
import { isPinFor } from '../../shared/people/pin';

export interface AreaTexts {
  key: string;
  name: string;
  /** The capacity as typed; empty for an area without a limit. */
  capacity: string;
}

/** The texts of the set-up form, exactly as typed. */
export interface SetUpTexts {
  facilityName: string;
  areas: AreaTexts[];
  terminalName: string;
  managerName: string;
  pin: string;
  pinAgain: string;
}

export type Step = 0 | 1 | 2;

/** The key of an input of the form: `facilityName`, `area.KEY`, `capacity.KEY` and so on. */
export type FieldKey = string;
export type ProblemKind =
  | 'facility'
  | 'area'
  | 'areaName'
  | 'areaTaken'
  | 'capacity'
  | 'terminal'
  | 'manager'
  | 'pin'
  | 'pinAgain'
  | 'tooLong';
export type Problems = ReadonlyMap<FieldKey, { kind: ProblemKind; count: number }>;

let areaCount = 0;
export const newArea = (): AreaTexts => {
  areaCount += 1;
  return { key: `a${areaCount}`, name: '', capacity: '' };
};

const isUsed = ({ name, capacity }: AreaTexts) => name !== '' || capacity !== '';
/** Returns the areas whose inputs aren't empty. */
export const usedAreas = (texts: SetUpTexts): AreaTexts[] => texts.areas.filter(isUsed);

export function problemsOf(step: Step, texts: SetUpTexts): Problems {
  const problems = new Map<FieldKey, { kind: ProblemKind; count: number }>();
  const check = (field: FieldKey, text: string, missing: ProblemKind) => {
    const count = lengthOf(text);
    if (isBlank(text)) problems.set(field, { kind: missing, count });
    else if (count > LIMITS.name) problems.set(field, { kind: 'tooLong', count });
  };
  if (step === 0) check('facilityName', texts.facilityName, 'facility');
  if (step === 1) {
    const areas = usedAreas(texts);
    const first = texts.areas[0];
    if (areas.length === 0 && first) problems.set(`area.${first.key}`, { kind: 'area', count: 0 });
    const names = new Set<string>();
    for (const { key, name, capacity } of areas) {
      check(`area.${key}`, name, 'areaName');
      if (names.has(name)) problems.set(`area.${key}`, { kind: 'areaTaken', count: 0 });
      names.add(name);
      if (capacity !== '' && !isCapacity(capacity)) {
        problems.set(`capacity.${key}`, { kind: 'capacity', count: 0 });
      }
    }
    check('terminalName', texts.terminalName, 'terminal');
  }
  if (step === 2) {
    check('managerName', texts.managerName, 'manager');
    if (!isPinFor('manager', texts.pin)) problems.set('pin', { kind: 'pin', count: 0 });
    else if (texts.pin !== texts.pinAgain) problems.set('pinAgain', { kind: 'pinAgain', count: 0 });
  }
  return problems;
}

/** Returns the step and the input that an error's field belongs to; null if it belongs to none. */
export function inputOf(field: unknown): { step: Step; field: FieldKey } | null {
  switch (field) {
    case 'facilityName':
      return { step: 0, field };
    case 'terminalName':
      return { step: 1, field };
    case 'managerName':
    case 'pin':
      return { step: 2, field };
    default:
      return null;
  }
}
