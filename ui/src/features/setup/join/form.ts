import type { AppError } from '../../../backend';
import { isBlank, LIMITS, lengthOf } from '../../../shared/limits';

/** The texts of the form to join a facility. */
export interface JoinTexts {
  code: string;
  terminalName: string;
}

export type JoinField = keyof JoinTexts | 'servers';
export type JoinStep = 0 | 1 | 2;
export type JoinProblem = 'code' | 'servers' | 'terminal' | 'tooLong';
export type JoinProblems = ReadonlyMap<JoinField, { kind: JoinProblem; count: number }>;

export function problemsOf(step: JoinStep, texts: JoinTexts, servers: string): JoinProblems {
  const problems = new Map<JoinField, { kind: JoinProblem; count: number }>();
  const check = (field: JoinField, text: string, missing: JoinProblem) => {
    const count = lengthOf(text);
    if (isBlank(text)) problems.set(field, { kind: missing, count });
    else if (count > LIMITS.name) problems.set(field, { kind: 'tooLong', count });
  };
  if (step === 0 && isBlank(texts.code)) problems.set('code', { kind: 'code', count: 0 });
  if (step === 1 && isBlank(servers)) problems.set('servers', { kind: 'servers', count: 0 });
  if (step === 2) {
    check('terminalName', texts.terminalName, 'terminal');
  }
  return problems;
}

/** The step at which an error can be corrected. */
export function stepOf({ code, params }: AppError): JoinStep {
  if (code === 'bad_pairing_code' || params.field === 'code') return 0;
  if (code.startsWith('log_') || code === 'not_connected') return 1;
  return 2;
}
