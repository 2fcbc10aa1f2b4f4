import type { Command, ContextName, Outcome, Request, Role } from '../types';
import { erase, link, register, revise } from './customers';
import { retireArea, saveArea, saveFacility, saveHub, saveTerminal } from './facility';
import { checkNeeded, KEY_MAX } from './limits';
import { deduct, impose, voidDeduction, voidPenalty } from './penalties';
import { expectRole } from './permission';
import { adjust, pay, voidPayment } from './points';
import type { Of } from './record';
import { retireTerminal } from './replication';
import { enterContext } from './services';
import {
  checkIn,
  checkOut,
  checkOutArea,
  closeVisit,
  takeBackAreaCheckOut,
  takeBackCheckOut,
  voidVisit,
} from './visits';
import { refuse, type World } from './world';

/** The rules for one type of command. */
interface Row<T extends Command['type']> {
  /** The context that records the command; null if no context does, so that the command can't be stopped. */
  context: ContextName | null;
  needs: Role | ((command: Of<T>) => Role);
  decide(world: World, command: Of<T>): Outcome;
}

const COMMANDS: { [T in Command['type']]: Row<T> } = {
  checkIn: {
    context: 'check_in',
    needs: ({ admission }) => (admission ? 'supervisor' : 'staff'),
    decide: checkIn,
  },
  checkOut: {
    context: 'check_in',
    needs: ({ points }) => (points === undefined ? 'staff' : 'manager'),
    decide: checkOut,
  },
  takeBackCheckOut: { context: 'check_in', needs: 'staff', decide: takeBackCheckOut },
  takeBackAreaCheckOut: { context: 'check_in', needs: 'staff', decide: takeBackAreaCheckOut },
  checkOutArea: { context: 'check_in', needs: 'staff', decide: checkOutArea },
  closeVisit: { context: 'check_in', needs: 'staff', decide: closeVisit },
  voidVisit: { context: 'check_in', needs: 'staff', decide: voidVisit },
  pay: { context: 'pay', needs: 'staff', decide: pay },
  voidPayment: { context: 'pay', needs: 'staff', decide: voidPayment },
  adjustPoints: { context: 'point', needs: 'manager', decide: adjust },
  imposePenalty: { context: 'penalty', needs: 'staff', decide: impose },
  deductPenalty: {
    context: 'penalty',
    needs: ({ ground }) => (ground === 'waiver' ? 'supervisor' : 'staff'),
    decide: deduct,
  },
  voidPenalty: { context: 'penalty', needs: 'staff', decide: voidPenalty },
  voidPenaltyDeduction: { context: 'penalty', needs: 'staff', decide: voidDeduction },
  linkCustomers: { context: null, needs: 'manager', decide: link },
  eraseCustomer: { context: null, needs: 'manager', decide: erase },
  registerCustomer: { context: null, needs: 'staff', decide: register },
  reviseCustomer: { context: null, needs: 'staff', decide: revise },
  saveArea: { context: null, needs: 'manager', decide: saveArea },
  retireArea: { context: null, needs: 'manager', decide: retireArea },
  saveFacility: { context: null, needs: 'manager', decide: saveFacility },
  saveTerminal: { context: null, needs: 'manager', decide: saveTerminal },
  saveHub: { context: null, needs: 'manager', decide: saveHub },
  retireTerminal: { context: null, needs: 'manager', decide: retireTerminal },
};

/** Decides a command as the program does. Adds the recorded entries to the world. */
export function record(world: World, { idempotencyKey, command }: Request): Outcome {
  return decideOnce(world, idempotencyKey, command);
}

function decideOnce<T extends Command['type']>(world: World, key: string, command: Of<T>): Outcome {
  checkNeeded('idempotencyKey', key, KEY_MAX);
  const { context, needs, decide }: Row<T> = COMMANDS[command.type as T];
  expectRole(world, typeof needs === 'string' ? needs : needs(command));
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
