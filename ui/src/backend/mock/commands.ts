import type { Command, Outcome } from '../types';
import { adjust, deduct, impose, pay, voidPayment, voidPenalty } from './points';
import { checkVoidWindow, living, note, whole } from './record';
import { checkProfile, retireArea, revise, saveArea } from './reference';
import { addCustomer } from './seed';
import { checkContexts } from './services';
import { checkIn, endVisit, visitOf } from './visits';
import { isInside, refuse, type World } from './world';

/** Decides a command as the program does, and folds what it records into the world. */
export function decide(world: World, command: Command): Outcome {
  checkContexts(world, command);
  switch (command.type) {
    case 'checkIn':
      return checkIn(world, command);
    case 'checkOut': {
      const given = command.points === undefined ? undefined : whole(command.points, 'points', 1, 1_000_000);
      return endVisit(world, visitOf(world, command.visitId), given);
    }
    case 'checkOutArea': {
      const here = world.visits.filter((visit) => isInside(visit) && visit.areaId === command.areaId);
      for (const visit of here) endVisit(world, visit);
      return { type: 'areaCheckedOut', areaId: command.areaId, count: here.length };
    }
    case 'closeVisit': {
      const visit = visitOf(world, command.visitId);
      if (!isInside(visit)) throw refuse('already_checked_out');
      visit.status = 'CLOSED';
      visit.endedAt = Date.now();
      note(world, visit.customerId, 'visitClosed', visit.visitId, { areaId: visit.areaId });
      return { type: 'visitEnded', visitId: visit.visitId, status: 'CLOSED' };
    }
    case 'voidVisit': {
      const visit = visitOf(world, command.visitId);
      if (visit.status === 'VOIDED') throw refuse('already_voided');
      checkVoidWindow(world, visit.since);
      visit.status = 'VOIDED';
      note(world, visit.customerId, 'visitVoided', visit.visitId, { areaId: visit.areaId });
      return { type: 'visitEnded', visitId: visit.visitId, status: 'VOIDED' };
    }
    case 'pay':
      return pay(world, command);
    case 'voidPayment':
      return voidPayment(world, command);
    case 'adjustPoints':
      return adjust(world, command);
    case 'imposePenalty':
      return impose(world, command);
    case 'deductPenalty':
      return deduct(world, command);
    case 'voidPenalty':
      return voidPenalty(world, command);
    case 'linkCustomers': {
      const { customerId, otherId } = command;
      if (customerId === otherId) throw refuse('same_customer');
      const one = living(world, customerId);
      const other = living(world, otherId);
      if (one.linked.includes(otherId)) throw refuse('already_linked');
      one.linked.push(otherId);
      other.linked.push(customerId);
      return { type: 'done' };
    }
    case 'eraseCustomer': {
      const customer = living(world, command.customerId);
      Object.assign(customer, { erased: true, name: null, phone: null, card: null });
      note(world, customer.customerId, 'customerErased', null);
      return { type: 'done' };
    }
    case 'registerCustomer': {
      checkProfile(world, command.profile);
      const { name, phone, card } = command.profile;
      const { customerId } = addCustomer(world, { name, phone: phone ?? null, card: card ?? null });
      return { type: 'customerSaved', customerId, revision: 1 };
    }
    case 'reviseCustomer':
      return revise(world, command);
    case 'saveArea':
      return saveArea(world, command);
    case 'retireArea':
      return retireArea(world, command);
    case 'saveFacility':
      if (command.name === '') throw refuse('empty', { field: 'facilityName' });
      world.facility = { ...world.facility, name: command.name };
      return { type: 'done' };
    case 'saveTerminal':
      if (command.name === '') throw refuse('empty', { field: 'terminalName' });
      world.terminal = { ...world.terminal, name: command.name };
      return { type: 'done' };
    case 'saveHub': {
      const { terminalId } = command;
      const known = [world.terminal.id, ...world.exchange.others.map((one) => one.terminalId)];
      if (terminalId !== null && !known.includes(terminalId)) throw refuse('unknown_terminal');
      world.exchange.hubId = terminalId;
      return { type: 'done' };
    }
  }
}
