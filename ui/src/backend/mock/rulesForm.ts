import type { RuleProblem, RuleProblemKind, RulesForm, RulesView } from '../types';

type Range = readonly [min: number, max: number];

const VISIT_POINTS: Range = [1, 1_000_000];
const LEVEL_POINTS: Range = [1, 100_000];
const DAYS: Range = [1, 3_650];
const WINDOW_MINUTES: Range = [1, 525_600];
const CODES_MAX = 50;
const GROUNDS_MAX = 20;
const LABEL_MAX = 40;
const KNOWN = ['BASIC', 'REPEAT', 'AGGRAVATED', 'education', 'service', 'appeal', 'waiver'];

/** The rules of a new facility. */
export const defaultForm = (pricePerPenaltyPoint: number | null): RulesForm => ({
  pointsPerVisit: '100',
  dailyCap: null,
  minimumStayMinutes: null,
  forgottenAfterHours: '12',
  codes: [code('BASIC', 10), code('REPEAT', 20), code('AGGRAVATED', 30)],
  grounds: [
    ground('education', 'half', 'staff'),
    ground('service', 'as_said', 'staff'),
    ground('appeal', 'as_said', 'supervisor'),
    ground('waiver', 'as_said', 'supervisor'),
  ],
  warnAt: '20',
  levels: [{ at: '40', days: null }],
  lapse: null,
  expiryMonths: null,
  voidWindowMinutes: '15',
  supervisorVoidWindowMinutes: null,
  enterAfterwardsDays: '14',
  staleAfterHours: '24',
  pricePerPenaltyPoint: pricePerPenaltyPoint === null ? null : String(pricePerPenaltyPoint),
  unknownAreasAllowed: true,
});

const code = (word: string, points: number): RulesForm['codes'][number] => ({
  code: word,
  points: String(points),
  ko: '',
  en: '',
  retired: false,
});

const ground = (
  word: string,
  takes: RulesForm['grounds'][number]['takes'],
  role: RulesForm['grounds'][number]['role'],
): RulesForm['grounds'][number] => ({
  ground: word,
  takes,
  once: takes === 'half',
  most: null,
  role,
  ko: '',
  en: '',
  retired: false,
});

const number = (text: string): number => Number(text.replaceAll(',', ''));
const numberOrNull = (text: string | null): number | null => (text === null ? null : number(text));

/** The rules in force as the session shows them. */
export function viewOf(form: RulesForm, generation: number, conflict = false): RulesView {
  const named = <T extends { ko: string; en: string }>(entries: T[], word: (entry: T) => string) =>
    entries.filter(({ ko }) => ko !== '').map((one) => ({ word: word(one), ko: one.ko, en: one.en }));
  return {
    generation,
    pointsPerVisit: number(form.pointsPerVisit),
    warnAt: number(form.warnAt),
    prohibitAt: number(form.levels[0]?.at ?? '1'),
    codes: form.codes
      .filter(({ retired }) => !retired)
      .map((one) => ({ code: one.code, points: number(one.points) })),
    grounds: form.grounds
      .filter(({ retired }) => !retired)
      .map(({ ground: word, takes, once, most, role }) => ({
        ground: word,
        takes,
        once,
        most: numberOrNull(most),
        role,
      })),
    codeNames: named(form.codes, (one) => one.code),
    groundNames: named(form.grounds, (one) => one.ground),
    voidWindowMinutes: number(form.voidWindowMinutes),
    supervisorVoidWindowMinutes: numberOrNull(form.supervisorVoidWindowMinutes),
    forgottenAfterHours: number(form.forgottenAfterHours),
    enterAfterwardsDays: number(form.enterAfterwardsDays),
    pricePerPenaltyPoint: numberOrNull(form.pricePerPenaltyPoint),
    needsUpdate: [],
    conflict,
  };
}

/** What is wrong with a form, in the program's order. */
export function problemsOf(form: RulesForm): RuleProblem[] {
  const problems: RuleProblem[] = [];
  const add = (field: string, kind: RuleProblemKind, range: Range | null = null) =>
    problems.push({ field, kind, min: range?.[0] ?? null, max: range?.[1] ?? null });
  const whole = (field: string, text: string | null, range: Range): void => {
    if (text === null) return;
    const digits = text.trim().replaceAll(',', '');
    if (digits === '') add(field, 'empty');
    else if (!/^\d+$/.test(digits)) add(field, 'notWhole', range);
    else if (Number(digits) < range[0] || Number(digits) > range[1]) add(field, 'outOfRange', range);
  };
  const seen = { codes: new Set<string>(), grounds: new Set<string>() };
  const word = (field: string, text: string, words: Set<string>): void => {
    const trimmed = text.trim();
    if (trimmed === '') add(field, 'empty');
    else if (!/^\w{1,24}$/.test(trimmed)) add(field, 'notAWord');
    else if (words.has(trimmed)) add(field, 'taken');
    words.add(trimmed);
  };
  const labels = (path: string, entry: { ko: string; en: string }, of: string): void => {
    if (KNOWN.includes(of) && entry.ko.trim() === '' && entry.en.trim() === '') return;
    for (const language of ['ko', 'en'] as const) {
      const text = entry[language].trim();
      if (text === '') add(`${path}.${language}`, 'empty');
      else if ([...text].length > LABEL_MAX) add(`${path}.${language}`, 'tooLong', [1, LABEL_MAX]);
    }
  };
  whole('pointsPerVisit', form.pointsPerVisit, VISIT_POINTS);
  whole('dailyCap', form.dailyCap, VISIT_POINTS);
  whole('minimumStayMinutes', form.minimumStayMinutes, [1, 1_440]);
  whole('forgottenAfterHours', form.forgottenAfterHours, [1, 168]);
  form.codes.forEach((one, index) => {
    whole(`codes.${index}.points`, one.points, [1, 1_000]);
    word(`codes.${index}.code`, one.code, seen.codes);
    labels(`codes.${index}`, one, one.code.trim());
    if (one.code.trim() === 'BASIC' && one.retired) add(`codes.${index}.retired`, 'needed');
  });
  if (form.codes.length > CODES_MAX) add('codes', 'count', [1, CODES_MAX]);
  if (!seen.codes.has('BASIC')) add('codes', 'needed');
  form.grounds.forEach((one, index) => {
    whole(`grounds.${index}.most`, one.most, LEVEL_POINTS);
    word(`grounds.${index}.ground`, one.ground, seen.grounds);
    labels(`grounds.${index}`, one, one.ground.trim());
  });
  if (form.grounds.length > GROUNDS_MAX) add('grounds', 'count', [1, GROUNDS_MAX]);
  whole('warnAt', form.warnAt, LEVEL_POINTS);
  if (form.levels.length < 1 || form.levels.length > 4) add('levels', 'count', [1, 4]);
  form.levels.forEach(({ at, days }, index) => {
    whole(`levels.${index}.at`, at, LEVEL_POINTS);
    whole(`levels.${index}.days`, days, DAYS);
    const before = form.levels[index - 1];
    const isAbove = (!before || number(at) > number(before.at)) && number(at) >= number(form.warnAt);
    if (/\d/.test(at) && !isAbove) add(`levels.${index}.at`, 'notAbove');
  });
  whole('lapse.days', form.lapse?.days ?? null, DAYS);
  whole('expiryMonths', form.expiryMonths, [1, 60]);
  whole('voidWindowMinutes', form.voidWindowMinutes, WINDOW_MINUTES);
  whole('supervisorVoidWindowMinutes', form.supervisorVoidWindowMinutes, WINDOW_MINUTES);
  whole('enterAfterwardsDays', form.enterAfterwardsDays, [1, 365]);
  whole('staleAfterHours', form.staleAfterHours, [1, 8_760]);
  whole('pricePerPenaltyPoint', form.pricePerPenaltyPoint, VISIT_POINTS);
  return problems;
}
