import type {
  Approval,
  EvacuationList,
  Founded,
  LockScreen,
  RecoverInput,
  ResetPinInput,
  Role,
  SaveStaffInput,
  Session,
  StaffMember,
} from '../types';
import { checkNeeded, NAME_MAX } from './limits';
import { checkPin, checkTypedPin, PIN_LIMITS, tryPin, waitOf } from './pins';
import { chipView } from './replication';
import { nameForm } from './searchKeys';
import { sessionView } from './views';
import { customerOf, isForgotten, isInside, newId, refuse, type World } from './world';

export interface MockStaff {
  staffId: string;
  name: string;
  role: Role;
  pin: string | null;
  retired: boolean;
}

/** The PINs of the demonstration, and of the mock's facility. */
export const PINS = { manager: '135790', supervisor: '246802', staff: '1357' } as const;

/** The people of a facility; the one with this role is signed in. */
export function seedStaff(): MockStaff[] {
  const person = (name: string, role: Role, pin: string): MockStaff => ({
    staffId: newId(),
    name,
    role,
    pin,
    retired: false,
  });
  return [
    person('박서연', 'manager', PINS.manager),
    person('최민준', 'supervisor', PINS.supervisor),
    person('이하은', 'staff', PINS.staff),
  ];
}

const byName = (one: { name: string }, other: { name: string }) => (one.name < other.name ? -1 : 1);

const active = ({ people }: World) =>
  people.filter(({ retired, pin }) => !retired && pin !== null).sort(byName);

const managers = ({ people }: World) => people.filter(({ role, retired }) => role === 'manager' && !retired);

export function lockView(world: World): LockScreen {
  if (!world.isSetUp) throw refuse('not_set_up');
  const inside = world.visits.filter(isInside);
  const presentIn = (id: string) => inside.filter(({ areaId }) => areaId === id).length;
  const areas = [...world.areas, ...world.retiredAreas.filter(({ areaId }) => presentIn(areaId) > 0)];
  const hasStaff = world.people.length > 0;
  return {
    facilityName: world.facility.name,
    terminalName: world.terminal.name,
    areas: areas.map(({ areaId, name, capacity }) => ({
      areaId,
      name,
      capacity,
      present: presentIn(areaId),
    })),
    sync: chipView(world),
    staff: active(world).map(({ staffId, name, role }) => ({
      staffId,
      name,
      role,
      waitMs: waitOf(world.lock.byPerson.get(staffId)),
    })),
    terminalWaitMs: waitOf(world.lock.terminal),
    recoveryWaitMs: waitOf(world.lock.recovery),
    waitsForStaff: !hasStaff && world.joined,
    needsFirstManager: !hasStaff && !world.joined,
    hasRecoveryCode: world.recoveryCode !== null,
    demonstrationPins: world.demonstration
      ? active(world)
          .filter(({ role, pin }) => pin === PINS[role])
          .map(({ staffId, role }) => ({ staffId, pin: PINS[role] }))
      : null,
    evacuation: world.evacuation,
    preferences: world.preferences,
    preferencesLost: world.preferencesLost,
    version: '0.1.0',
    asOf: Date.now(),
  };
}

function personOf(world: World, staffId: string): MockStaff {
  const person = world.people.find((one) => one.staffId === staffId);
  if (!person) throw refuse('unknown_staff');
  return person;
}

function expectActive(world: World, staffId: string): MockStaff {
  const person = personOf(world, staffId);
  if (person.retired || person.pin === null) throw refuse('unknown_staff');
  return person;
}

function enter(world: World, { staffId, name, role }: MockStaff): Session {
  world.staff = { staffId, name, role };
  world.isSignedIn = true;
  return sessionView(world);
}

export function signIn(world: World, { staffId, pin }: Approval): Session {
  checkTypedPin(pin);
  const person = expectActive(world, staffId);
  tryPin(world.lock, staffId, person.pin === pin);
  return enter(world, person);
}

export function lockNow(world: World): LockScreen {
  world.isSignedIn = false;
  return lockView(world);
}

/** Checks the PIN of whoever approves a command over the screen of the one who is signed in. */
export function approve(world: World, { staffId, pin }: Approval): void {
  checkTypedPin(pin);
  const person = expectActive(world, staffId);
  tryPin(world.lock, staffId, person.pin === pin);
  world.approver = { staffId, name: person.name, role: person.role };
}

let codes = 0;
export function newRecoveryCode(world: World): string {
  codes += 1;
  const letters = `7Q4WNK2MRT9XHB6VDJ3FPC8S${codes % 10}`;
  world.recoveryCode = letters;
  return (letters.match(/.{5}/g) ?? []).join('-');
}

/** Adds the first manager, who is signed in. */
export function found(world: World, name: string, pin: string): Founded {
  const person: MockStaff = { staffId: newId(), name, role: 'manager', pin, retired: false };
  world.people = [person];
  const recoveryCode = newRecoveryCode(world);
  return { session: enter(world, person), recoveryCode };
}

export function firstManager(world: World, { name, pin }: { name: string; pin: string }): Founded {
  if (!world.isSetUp) throw refuse('not_set_up');
  if (world.people.length > 0 || world.joined) throw refuse('already_set_up');
  checkNeeded('name', name, NAME_MAX);
  checkPin('manager', pin);
  return found(world, name, pin);
}

export function recover(world: World, { code, staffId, pin }: RecoverInput) {
  checkPin('manager', pin);
  if (world.recoveryCode === null) throw refuse('no_recovery_code');
  const person = expectActive(world, staffId);
  if (person.role !== 'manager') throw refuse('unknown_staff');
  const typed = code.replaceAll(/[\s-]/g, '').toUpperCase().replaceAll('O', '0').replaceAll(/[IL]/g, '1');
  if (!/^[0-9A-Z]{25}$/.test(typed)) throw refuse('bad_recovery_code');
  tryPin(world.lock, 'recovery', typed === world.recoveryCode);
  person.pin = pin;
  world.lock.byPerson.delete(staffId);
  return { nextCode: newRecoveryCode(world) };
}

export function evacuationView(world: World): EvacuationList {
  if (!world.isSetUp) throw refuse('not_set_up');
  const inside = world.visits.filter(isInside).sort((one, other) => one.since - other.since);
  const isNamed = world.evacuation === 'names';
  return {
    facilityName: world.facility.name,
    terminalName: world.terminal.name,
    content: world.evacuation,
    areas: lockView(world).areas.map(({ areaId, name, present }) => ({
      areaId,
      name,
      present,
      people: inside
        .filter((visit) => isNamed && visit.areaId === areaId)
        .map((visit) => {
          const customer = customerOf(world, visit.customerId);
          return {
            name: customer.unknownHere ? null : customer.name,
            since: visit.since,
            forgotten: isForgotten(world, visit),
          };
        }),
    })),
    total: inside.length,
    asOf: Date.now(),
  };
}

export const staffView = (world: World): StaffMember[] =>
  [...world.people]
    .sort((one, other) => Number(one.retired) - Number(other.retired) || byName(one, other))
    .map(({ staffId, name, role, pin, retired }) => ({
      staffId,
      name,
      role,
      retired,
      hasPin: pin !== null,
      lastManager: !retired && role === 'manager' && managers(world).length === 1,
    }));

export function saveStaff(world: World, { staffId, name, role, pin }: SaveStaffInput): StaffMember[] {
  checkNeeded('name', name, NAME_MAX);
  const known = staffId ? personOf(world, staffId) : null;
  if (world.people.some((one) => one !== known && !one.retired && nameForm(one.name) === nameForm(name)))
    throw refuse('staff_name_taken', { name });
  if (
    known &&
    !known.retired &&
    known.role === 'manager' &&
    role !== 'manager' &&
    managers(world).length === 1
  )
    throw refuse('last_manager');
  const becomesManager = role === 'manager' && known?.role !== 'manager';
  if (!pin && (!known || known.retired || becomesManager)) throw refuse('pin_needed', PIN_LIMITS(role));
  if (pin) checkPin(role, pin);
  const person = known ?? { staffId: newId(), name, role, pin: null, retired: false };
  Object.assign(person, { name, role, retired: false, ...(pin && { pin }) });
  if (!known) world.people.push(person);
  if (world.staff.staffId === person.staffId) Object.assign(world.staff, { name, role });
  return staffView(world);
}

export function retireStaff(world: World, staffId: string): StaffMember[] {
  const person = expectActive(world, staffId);
  if (person.role === 'manager' && managers(world).length === 1) throw refuse('last_manager');
  person.retired = true;
  if (world.staff.staffId === staffId) world.isSignedIn = false;
  return staffView(world);
}

export function resetPin(world: World, { staffId, pin }: ResetPinInput): StaffMember[] {
  const person = personOf(world, staffId);
  if (person.retired) throw refuse('unknown_staff');
  checkPin(person.role, pin);
  person.pin = pin;
  return staffView(world);
}

export function changeOwnPin(world: World, { pin, newPin }: { pin: string; newPin: string }): void {
  const person = expectActive(world, world.staff.staffId);
  checkPin(person.role, newPin);
  checkTypedPin(pin);
  tryPin(world.lock, person.staffId, person.pin === pin);
  person.pin = newPin;
}
