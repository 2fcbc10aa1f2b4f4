import type {
  Outcome,
  PreviewedGroup,
  PreviewedStandings,
  RuleChangeView,
  RuleSetsPage,
  RuleSetView,
  RulesEditor,
  RulesForm,
  RulesPreview,
  RulesView,
  Standing,
} from '../types';
import { checkNeeded } from './limits';
import type { Of } from './record';
import { problemsOf, viewOf } from './rulesForm';
import { newId, outstandingOf, refuse, standingOf, tagOf, type World } from './world';

const REASON_MAX = 200;
const SETS_PAGE = 20;
const NAMED_MAX = 200;

/** A stored set: its view, and what it says. */
export interface MockRuleSet {
  view: RuleSetView;
  form: RulesForm;
}

export const firstSet = (form: RulesForm): MockRuleSet => ({
  view: { id: newId(), generation: 1, state: 'inForce', publication: null, changes: [], needsUpdate: [] },
  form,
});

/** Returns the rules that were in force at a time. */
export function rulesAt({ ruleSets, rules }: World, at: number): RulesView {
  const set = ruleSets.find(({ view }) => (view.publication?.at ?? 0) <= at);
  return set ? viewOf(set.form, set.view.generation) : rules;
}

const inForce = ({ ruleSets }: World): MockRuleSet => {
  const set = ruleSets.find(({ view }) => view.state === 'inForce');
  if (!set) throw new Error('no rules are in force');
  return set;
};

/** The names of the fields in a stored set. */
const STORED: Record<string, string> = { warnAt: 'levels.warn_at', levels: 'levels.prohibit' };
const stored = (name: string) =>
  STORED[name] ?? name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

/** The values of a form by their path in a stored set, without those that are off. */
function values(form: RulesForm): Map<string, string | number | boolean> {
  const found = new Map<string, string | number | boolean>();
  const put = (path: string, value: unknown): void => {
    if (value === null || value === '') return;
    if (typeof value === 'object')
      for (const [name, inner] of Object.entries(value)) put(`${path}.${name}`, inner);
    else if (typeof value === 'boolean') found.set(path, value);
    else
      found.set(
        path,
        /^[\d,]+$/.test(String(value)) ? Number(String(value).replaceAll(',', '')) : String(value),
      );
  };
  const entry = (
    path: string,
    { ko, en, ...rest }: RulesForm['codes'][number] | RulesForm['grounds'][number],
  ) => {
    put(path, rest);
    if (ko !== '') put(`${path}.labels`, { ko, en });
  };
  for (const [name, value] of Object.entries(form)) {
    if (name === 'codes') for (const one of form.codes) entry(`codes.${one.code}`, one);
    else if (name === 'grounds') for (const one of form.grounds) entry(`grounds.${one.ground}`, one);
    else if (name === 'levels')
      for (const [index, one] of form.levels.entries()) put(`levels.prohibit.${index + 1}`, one);
    else put(stored(name), value);
  }
  return found;
}

function changesOf(before: RulesForm, after: RulesForm): RuleChangeView[] {
  const [from, to] = [values(before), values(after)];
  return [...new Set([...from.keys(), ...to.keys()])]
    .sort()
    .map((field) => ({ field, before: from.get(field) ?? null, after: to.get(field) ?? null }))
    .filter((change) => change.before !== change.after);
}

export function rulesEditor(world: World): RulesEditor {
  const set = inForce(world);
  const { rulesDraft: draft } = world;
  const form = draft?.form ?? set.form;
  const problems = problemsOf(form);
  const revised = world.ruleSets.find(({ view }) => view.publication?.toPresent);
  return {
    inForce: set.view,
    rivals: world.ruleSets.filter(isRivalOf(set)).map(({ view }) => view),
    knownCodes: set.form.codes.map((one) => one.code),
    knownGrounds: set.form.grounds.map((one) => one.ground),
    form,
    draft: draft && { savedAt: draft.savedAt, outdated: draft.base !== set.view.id },
    problems,
    changes: problems.length > 0 ? [] : changesOf(set.form, form),
    revision: revised
      ? { generation: revised.view.generation, here: true, complete: true, revised: 0 }
      : null,
  };
}

const isRivalOf = (set: MockRuleSet) => (other: MockRuleSet) =>
  other !== set && other.view.generation === set.view.generation;

export function saveRulesDraft(world: World, form: RulesForm): RulesEditor {
  const set = inForce(world);
  const base = world.rulesDraft?.base ?? set.view.id;
  const isDraft = JSON.stringify(form) !== JSON.stringify(set.form);
  world.rulesDraft = isDraft ? { form, base, savedAt: Date.now() } : null;
  return rulesEditor(world);
}

export function discardRulesDraft(world: World): RulesEditor {
  world.rulesDraft = null;
  return rulesEditor(world);
}

export function ruleSetsPage(world: World, skipped: number | null): RuleSetsPage {
  const next = (skipped ?? 0) + SETS_PAGE;
  return {
    sets: world.ruleSets.slice(skipped ?? 0, next).map(({ view }) => view),
    next: world.ruleSets.length > next ? next : null,
  };
}

export function publishRules(world: World, command: Of<'publishRules'>): Outcome {
  const { base, form, reason, toPresent } = command;
  checkNeeded('reason', reason, REASON_MAX);
  const set = inForce(world);
  if (set.view.id !== base) throw refuse('rules_changed', { generation: set.view.generation });
  const problems = problemsOf(form);
  if (problems.length > 0) throw refuse('rules_invalid', { problems });
  const changes = changesOf(set.form, form);
  const isConflict = world.ruleSets.some(isRivalOf(set));
  if (changes.length === 0 && !isConflict && !toPresent) throw refuse('rules_unchanged');
  const generation = set.view.generation + 1;
  set.view.state = 'earlier';
  const publication = {
    at: Date.now(),
    by: world.staff.name,
    terminalName: world.terminal.name,
    reason,
    toPresent,
  };
  const view: RuleSetView = {
    id: newId(),
    generation,
    state: 'inForce',
    publication,
    changes,
    needsUpdate: [],
  };
  world.ruleSets.unshift({ view, form });
  world.rules = viewOf(form, generation);
  world.rulesDraft = null;
  return { type: 'rulesPublished', generation };
}

export function reviseLevels(world: World): Outcome {
  if (!world.ruleSets.some(({ view }) => view.publication?.toPresent)) throw refuse('nothing_to_revise');
  return { type: 'done' };
}

/** What the draft would change for the customers of the world. */
export function previewOf(world: World): RulesPreview {
  const draft = viewOf(world.rulesDraft?.form ?? inForce(world).form, 0);
  const under = (rules: World['rules'], outstanding: number) => standingOf({ ...world, rules }, outstanding);
  const customers = [...world.customers.values()].filter(
    ({ customerId }) => outstandingOf(world, customerId) > 0,
  );
  const compare = (extra: (rules: World['rules']) => number): PreviewedStandings => {
    const group = (isIn: (before: Standing, after: Standing) => boolean): PreviewedGroup => {
      const found = customers.filter(({ customerId }) => {
        const outstanding = outstandingOf(world, customerId);
        return isIn(
          under(world.rules, outstanding + extra(world.rules)),
          under(draft, outstanding + extra(draft)),
        );
      });
      const named = found.map(({ customerId, name, unknownHere }) => ({
        customerId,
        name,
        tag: tagOf(customerId),
        unknownHere,
      }));
      named.sort((one, other) => (one.name ?? '\uffff').localeCompare(other.name ?? '\uffff'));
      return { count: found.length, customers: named.slice(0, NAMED_MAX) };
    };
    return {
      prohibited: group((before, after) => before !== 'PROHIBITED' && after === 'PROHIBITED'),
      released: group((before, after) => before === 'PROHIBITED' && after !== 'PROHIBITED'),
      warned: group((before, after) => before === 'ALLOWED' && after === 'WARNED'),
    };
  };
  const today = new Date();
  const from = new Date(today.getFullYear(), today.getMonth() - 1, 1).getTime();
  const until = new Date(today.getFullYear(), today.getMonth(), 1).getTime();
  const visits = world.visits.filter(({ end }) => end !== null && end.at >= from && end.at < until).length;
  return {
    asOf: Date.now(),
    customers: customers.length,
    now: compare(() => 0),
    next: compare((rules) => rules.codes[0]?.points ?? 0),
    points: {
      from,
      until,
      visits,
      earned: visits * world.rules.pointsPerVisit,
      underDraft: visits * draft.pointsPerVisit,
    },
  };
}
