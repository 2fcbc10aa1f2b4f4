import type { Command, ContextName, Outcome, RecordInput } from '../types';
import type { Act } from './acts';
import { erase, link, part, register, revise } from './customers';
import { retireArea, saveArea, saveEvacuation, saveFacility, saveHub, saveTerminal } from './facility';
import { checkNeeded, KEY_MAX } from './limits';
import { deduct, impose, voidDeduction, voidPenalty } from './penalties';
import { approve } from './people';
import { expectAct } from './permission';
import { retirePlan, savePlan } from './plans';
import { adjust, pay, voidPayment } from './points';
import type { Of } from './record';
import { retireTerminal } from './replication';
import { dropEdit, editAct, resolveCase, takeEdit } from './review';
import { publishRules, reviseLevels } from './rules';
import { enterContext } from './services';
import {
  checkIn,
  checkOut,
  checkOutArea,
  closeVisit,
  enterVisit,
  takeBackAreaCheckOut,
  takeBackCheckOut,
  voidVisit,
} from './visits';
import { refuse, type World } from './world';

/** The rules for one type of command. */
interface Row<T extends Command['type']> {
  /** The context that records the command; null if no context does, so that the command can't be stopped. */
  context: ContextName | null;
  act: Act | ((command: Of<T>) => Act);
  decide(world: World, command: Of<T>): Outcome;
}

const COMMANDS: { [T in Command['type']]: Row<T> } = {
  checkIn: {
    context: 'check_in',
    act: ({ admission }) => (admission ? 'admitProhibited' : 'checkIn'),
    decide: checkIn,
  },
  checkOut: {
    context: 'check_in',
    act: ({ points }) => (points === undefined ? 'checkOut' : 'giveVisitPoints'),
    decide: checkOut,
  },
  takeBackCheckOut: { context: 'check_in', act: 'takeBackCheckOut', decide: takeBackCheckOut },
  takeBackAreaCheckOut: { context: 'check_in', act: 'takeBackCheckOut', decide: takeBackAreaCheckOut },
  checkOutArea: { context: 'check_in', act: 'checkOutArea', decide: checkOutArea },
  closeVisit: { context: 'check_in', act: 'closeVisit', decide: closeVisit },
  voidVisit: { context: 'check_in', act: 'voidVisit', decide: voidVisit },
  enterVisit: { context: 'check_in', act: 'enterAfterwards', decide: enterVisit },
  pay: {
    context: 'pay',
    act: ({ happenedAt }) => (happenedAt === undefined ? 'pay' : 'enterAfterwards'),
    decide: pay,
  },
  voidPayment: { context: 'pay', act: 'voidPayment', decide: voidPayment },
  adjustPoints: { context: 'point', act: 'adjustPoints', decide: adjust },
  imposePenalty: {
    context: 'penalty',
    act: ({ points, happenedAt }) => {
      if (happenedAt !== undefined) return 'enterAfterwards';
      return points === undefined ? 'imposePenalty' : 'imposePoints';
    },
    decide: impose,
  },
  deductPenalty: {
    context: 'penalty',
    act: ({ ground, happenedAt }) => {
      if (happenedAt !== undefined) return 'enterAfterwards';
      return ground === 'appeal' || ground === 'waiver' ? 'waivePenalty' : 'deductPenalty';
    },
    decide: deduct,
  },
  voidPenalty: { context: 'penalty', act: 'voidPenalty', decide: voidPenalty },
  voidPenaltyDeduction: { context: 'penalty', act: 'voidPenaltyDeduction', decide: voidDeduction },
  linkCustomers: { context: null, act: 'linkCustomers', decide: link },
  resolveCase: { context: null, act: 'resolveCase', decide: resolveCase },
  takeEdit: { context: null, act: editAct, decide: takeEdit },
  dropEdit: { context: null, act: editAct, decide: dropEdit },
  partCustomers: { context: null, act: 'linkCustomers', decide: part },
  eraseCustomer: { context: null, act: 'eraseCustomer', decide: erase },
  registerCustomer: { context: null, act: 'registerCustomer', decide: register },
  reviseCustomer: { context: null, act: 'reviseCustomer', decide: revise },
  saveArea: { context: null, act: 'saveArea', decide: saveArea },
  retireArea: { context: null, act: 'retireArea', decide: retireArea },
  saveFacility: { context: null, act: 'saveFacility', decide: saveFacility },
  saveEvacuation: { context: null, act: 'saveEvacuation', decide: saveEvacuation },
  saveTerminal: { context: null, act: 'saveTerminal', decide: saveTerminal },
  saveHub: { context: null, act: 'saveHub', decide: saveHub },
  retireTerminal: { context: null, act: 'retireTerminal', decide: retireTerminal },
  savePlan: { context: null, act: 'savePlan', decide: savePlan },
  retirePlan: { context: null, act: 'savePlan', decide: retirePlan },
  publishRules: { context: null, act: 'publishRules', decide: publishRules },
  reviseLevels: { context: null, act: 'publishRules', decide: reviseLevels },
};

/** Decides a command as the program does. Adds the recorded entries to the world. */
export function record(world: World, { idempotencyKey, command, approver }: RecordInput): Outcome {
  if (approver) approve(world, approver);
  try {
    return decideOnce(world, idempotencyKey, command);
  } finally {
    world.approver = null;
  }
}

function decideOnce<T extends Command['type']>(world: World, key: string, command: Of<T>): Outcome {
  checkNeeded('idempotencyKey', key, KEY_MAX);
  const { context, act, decide }: Row<T> = COMMANDS[command.type as T];
  expectAct(world, typeof act === 'string' ? act : act(command));
  const body = JSON.stringify(command);
  const before = world.answered.get(key);
  try {
    if (context) enterContext(world, context);
  } catch (refusal) {
    // A repeated command gets its first answer even while its context is stopped.
    if (!before) throw refusal;
  }
  if (before) {
    if (before.body !== body) throw refuse('key_reused');
    return before.outcome;
  }
  const outcome = decide(world, command);
  world.answered.set(key, { body, outcome });
  return outcome;
}
