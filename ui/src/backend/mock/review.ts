import type { CaseView, Outcome, ReviewInput, ReviewPage } from '../types';
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

export const reviewCount = (world: World): number => world.cases.length + forgottenCases(world).length;

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
