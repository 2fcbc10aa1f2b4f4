import type {
  Command,
  Correctable,
  CustomerName,
  FactKind,
  Outcome,
  ProfileInput,
  RecentEntry,
} from '../../backend';

/** Something that was recorded in this window, with what it takes to take it back and to do it again. */
export interface Deed {
  command: Command;
  outcome: Outcome;
  /** Whom it is about; null for a walk-in or an area. */
  customer: CustomerName | null;
  at: number;
  /** The details from before an edit. A name that was given can't be taken away, so a walk-in has none. */
  before?: ProfileInput;
}

/** What a step is about, for a question that names it. */
export interface About {
  kind: FactKind | 'customerEdited';
  at: number;
  areaId: string | null;
  points: number | null;
  penaltyPoints: number | null;
  /** How many check-outs are taken back or done together. */
  together: number;
  /** The details that an edit changed. */
  edit: { before: ProfileInput; after: ProfileInput } | null;
}

/** One step back or forward. */
export interface Step {
  direction: 'undo' | 'redo';
  command: Command;
  customer: CustomerName | null;
  about: About;
  /** A step about many people asks, even if the notice shows it. */
  asksAlways: boolean;
  /** Returns the step that makes this one undone again. */
  reverse(outcome: Outcome): Step | null;
}

/** Returns the customer as they are called after a command: an edit may have changed the name. */
export const customerAfter = (command: Command, customer: CustomerName | null): CustomerName | null =>
  customer && command.type === 'reviseCustomer' ? { ...customer, name: command.profile.name } : customer;

interface Reversible {
  customer: CustomerName | null;
  about: About;
  undo: Command | null;
  /** The command that records it again, once it was taken back with this outcome; null if that can't be told. */
  again(taken: Outcome): Command | null;
  before?: ProfileInput;
}

function stepBack({ customer, about, undo, again, before }: Reversible): Step | null {
  if (!undo) return null;
  const asksAlways = about.together > 1;
  const stepForward = (taken: Outcome): Step | null => {
    const command = again(taken);
    return (
      command && {
        direction: 'redo',
        command,
        customer,
        about,
        asksAlways,
        reverse: (outcome) =>
          undoOf({ command, outcome, customer, at: Date.now(), ...(before && { before }) }),
      }
    );
  };
  return { direction: 'undo', command: undo, customer, about, asksAlways, reverse: stepForward };
}

const noDetails = { areaId: null, points: null, penaltyPoints: null, together: 1, edit: null };

function aboutOf({ command, outcome, at, before }: Deed): About {
  const about = (kind: About['kind'], details: Partial<About> = {}) => ({
    ...noDetails,
    kind,
    at,
    ...details,
  });
  switch (outcome.type) {
    case 'checkedIn':
      return about('checkedIn', { areaId: outcome.areaId });
    case 'areaCheckedOut':
      return about('checkedOut', { areaId: outcome.areaId, together: outcome.count });
    case 'paid':
      return about('paid', { points: outcome.points });
    case 'penaltyImposed':
      return about('penaltyImposed', { penaltyPoints: outcome.points });
    case 'penaltyDeducted':
      return about('penaltyDeducted', { points: outcome.price, penaltyPoints: outcome.points });
    case 'customerSaved':
      return about('customerEdited', {
        edit: before && command.type === 'reviseCustomer' ? { before, after: command.profile } : null,
      });
    default:
      return about('checkedOut');
  }
}

const reason = 'mistaken';

function commandBack({ command, outcome, before }: Deed): Command | null {
  switch (outcome.type) {
    case 'checkedIn':
      return { type: 'voidVisit', visitId: outcome.visitId, reason };
    case 'checkedOut':
      return { type: 'takeBackCheckOut', visitId: outcome.visitId };
    case 'areaCheckedOut':
      return outcome.act === null ? null : { type: 'takeBackAreaCheckOut', act: outcome.act };
    case 'paid':
      return { type: 'voidPayment', paymentId: outcome.paymentId, reason };
    case 'penaltyImposed':
      return { type: 'voidPenalty', penaltyId: outcome.penaltyId, reason };
    case 'penaltyDeducted': {
      const { penaltyId, deductionId } = outcome;
      return { type: 'voidPenaltyDeduction', penaltyId, deductionId, reason };
    }
    case 'customerSaved':
      // The revision that this edit made: somebody else's later edit is never overwritten, but said.
      return before && command.type === 'reviseCustomer'
        ? { ...command, baseRevision: outcome.revision, profile: before }
        : null;
    default:
      return null;
  }
}

/** Returns the command that does a deed again, after it was taken back. */
function commandAgain({ command, outcome }: Deed, taken: Outcome): Command | null {
  // A walk-in is registered by then.
  if (command.type === 'checkIn' && outcome.type === 'checkedIn') {
    return { ...command, customerId: outcome.customerId };
  }
  if (command.type === 'reviseCustomer') {
    return taken.type === 'customerSaved' ? { ...command, baseRevision: taken.revision } : null;
  }
  return command;
}

/** Returns the step that takes a deed back; null if nothing does. */
export function undoOf(deed: Deed): Step | null {
  const { customer, before } = deed;
  return stepBack({
    customer,
    about: aboutOf(deed),
    undo: commandBack(deed),
    again: (taken) => commandAgain(deed, taken),
    ...(before && { before }),
  });
}

function commandsOf(entry: RecentEntry): [undo: Command, again: Command | null] | null {
  const { kind, subjectId, areaId, act, together, deductionId, ground, code, customer } = entry;
  if (subjectId === null) return null;
  const { customerId } = customer;
  const points = Math.abs(entry.points ?? 0);
  const penaltyPoints = Math.abs(entry.penaltyPoints ?? 0);
  switch (kind) {
    case 'checkedIn':
      return [
        { type: 'voidVisit', visitId: subjectId, reason },
        areaId === null ? null : { type: 'checkIn', customerId, areaId },
      ];
    case 'checkedOut':
      return together > 1 && act !== null
        ? [{ type: 'takeBackAreaCheckOut', act }, areaId === null ? null : { type: 'checkOutArea', areaId }]
        : [
            { type: 'takeBackCheckOut', visitId: subjectId },
            { type: 'checkOut', visitId: subjectId },
          ];
    case 'paid':
      return [
        { type: 'voidPayment', paymentId: subjectId, reason },
        { type: 'pay', customerId, points },
      ];
    case 'penaltyImposed':
      return [
        { type: 'voidPenalty', penaltyId: subjectId, reason },
        {
          type: 'imposePenalty',
          customerId,
          points: penaltyPoints,
          ...(code && { code }),
          ...(areaId && { areaId }),
        },
      ];
    case 'penaltyDeducted':
      if (deductionId === null) return null;
      return [
        { type: 'voidPenaltyDeduction', penaltyId: subjectId, deductionId, reason },
        ground && {
          type: 'deductPenalty',
          penaltyId: subjectId,
          ground,
          ...(ground !== 'education' && { points: penaltyPoints }),
          ...(points > 0 && { pay: true }),
        },
      ];
    default:
      return null;
  }
}

function undoOfEntry(entry: RecentEntry): Step | null {
  const { kind, at, areaId, points, penaltyPoints, together } = entry;
  const commands = commandsOf(entry);
  if (!commands) return null;
  const [undo, again] = commands;
  return stepBack({
    customer: together > 1 ? null : entry.customer,
    about: { kind, at, areaId, points, penaltyPoints, together, edit: null },
    undo,
    again: () => again,
  });
}

/** What a step back corrects, so that the program can say whether that is still possible; null for an edit. */
export function correctedBy(command: Command): Correctable | null {
  switch (command.type) {
    case 'voidVisit':
    case 'takeBackCheckOut':
      return { type: 'visit', visitId: command.visitId };
    case 'takeBackAreaCheckOut':
      return { type: 'checkOuts', act: command.act };
    case 'voidPayment':
      return { type: 'payment', paymentId: command.paymentId };
    case 'voidPenalty':
      return { type: 'penalty', penaltyId: command.penaltyId };
    case 'voidPenaltyDeduction':
      return {
        type: 'penaltyDeduction',
        penaltyId: command.penaltyId,
        deductionId: command.deductionId,
      };
    default:
      return null;
  }
}

/**
 * Finds the newest of this terminal's entries that has an undo; the program decides whether that is still possible. Skips
 * an entry if a later one is about the same subject, such as the check-in of a visit that was checked out or the void of a
 * payment. A check-out that was taken back, or a deduction that was voided, counts as if it had never been.
 */
export function lastUndoable(entries: RecentEntry[]): Step | null {
  const touched = new Set<string>();
  const takenBack = new Set<string>();
  for (const entry of entries) {
    const { kind, subjectId, deductionId } = entry;
    if (subjectId === null) continue;
    if (kind === 'checkOutTakenBack' || kind === 'penaltyDeductionVoided') {
      takenBack.add(deductionId ?? subjectId);
      continue;
    }
    const isTakenBack = kind === 'checkedOut' || kind === 'penaltyDeducted';
    if (isTakenBack && takenBack.delete(deductionId ?? subjectId)) continue;
    const step = touched.has(subjectId) ? null : undoOfEntry(entry);
    if (step) return step;
    touched.add(subjectId);
  }
  return null;
}
