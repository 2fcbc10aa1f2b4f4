import type { CaseView, EditedKind, Outcome, OvertakenEditView, ReviewInput, ReviewPage } from '../types';
import type { Of } from './record';
import { nameView } from './views';
import { customerOf, isForgotten, isInside, refuse, type World } from './world';

const CASES_MAX = 100;

/** The visits that nobody ended, as cases. */
const forgottenCases = (world: World): CaseView[] =>
  world.visits
    .filter((visit) => isInside(visit) && isForgotten(world, visit))
    .map((visit) => ({
      reason: 'forgotten_visit',
      about: `visit/${visit.visitId}`,
      customers: [nameView(customerOf(world, visit.customerId))],
      beganAt: visit.since,
      points: null,
      facts: world.records
        .filter(({ kind, subjectId }) => kind === 'checkedIn' && subjectId === visit.visitId)
        .map((entry) => ({
          entry: { ...entry, state: 'saved' as const, customer: { ...entry.customer, name: null } },
          recordedAt: entry.at,
          terminal: world.terminal.name,
          voided: false,
        })),
      visitId: visit.visitId,
      settledByAct: true,
    }));

export function reviewView(world: World, { reason, customerId }: ReviewInput): ReviewPage {
  const cases = [...world.cases, ...forgottenCases(world)]
    .filter((one) => !reason || one.reason === reason)
    .filter((one) => !customerId || one.customers.some((it) => it.customerId === customerId))
    .sort((one, other) => one.beganAt - other.beganAt);
  return { cases: cases.slice(0, CASES_MAX), more: cases.length > CASES_MAX };
}

export const reviewCount = (world: World): number =>
  world.cases.length + world.edits.length + forgottenCases(world).length;

/** The act with which each kind of document is edited. */
const EDIT_ACTS = {
  customer: 'reviseCustomer',
  facility: 'saveFacility',
  area: 'saveArea',
  staff: 'savePeople',
  terminal: 'saveTerminal',
  hub: 'saveHub',
  keeping: 'saveKeeping',
  plan: 'savePlan',
} as const;

export const editAct = ({ kind }: { kind: EditedKind }) => EDIT_ACTS[kind];

function overtakenEdit(
  world: World,
  { kind, editId }: { kind: EditedKind; editId: string },
): OvertakenEditView {
  const found = world.edits.find((one) => one.editId === editId && one.kind === kind);
  if (!found) throw refuse('unknown_case');
  return found;
}

/** Records an overtaken edit of a customer again, as the next revision. */
export function takeEdit(world: World, command: Of<'takeEdit'>): Outcome {
  const edit = overtakenEdit(world, command);
  if (!edit.canTake) throw refuse('invalid_input', { detail: 'edit' });
  const customer = edit.customer && customerOf(world, edit.customer.customerId);
  for (const { field, mine } of edit.fields) {
    if (customer && (field === 'phone' || field === 'card' || field === 'name')) customer[field] = mine;
  }
  if (customer) customer.revision += 1;
  return dropEdit(world, { ...command, type: 'dropEdit' });
}

export function dropEdit(world: World, command: Of<'dropEdit'>): Outcome {
  const edit = overtakenEdit(world, command);
  world.edits = world.edits.filter((one) => one !== edit);
  return { type: 'done' };
}

export function resolveCase(world: World, { reason, about, facts }: Of<'resolveCase'>): Outcome {
  if (!/^[a-z_]{1,24}(\/[A-Za-z0-9-]{1,36}){1,2}$/.test(about))
    throw refuse('invalid_input', { detail: 'about' });
  // Two profiles make the case of a shared card, and no fact.
  const isWithoutFacts = facts.length === 0;
  if (isWithoutFacts !== (reason === 'shared_card') || facts.length > 8)
    throw refuse('invalid_input', { detail: 'facts' });
  const isIt = (one: CaseView) => one.reason === reason && one.about === about && !one.settledByAct;
  const found = world.cases.find(isIt);
  if (!found) throw refuse('unknown_case');
  world.cases = world.cases.filter((one) => one !== found);
  return { type: 'done' };
}
