import type { JoinInput, SetUpInput, Start } from '../types';
import { saveConnection } from './connection';
import { CAPACITY_MAX, checkNeeded, NAME_MAX, whole } from './limits';
import { found, lockView } from './people';
import { checkPin } from './pins';
import { acceptPairing, invitationOf } from './replication';
import { areaForm } from './searchKeys';
import { sessionView } from './views';
import { newId, refuse, type World } from './world';

const VERSION = '0.1.0';

export function startView(world: World): Start {
  const { preferences, isSetUp, scenario } = world;
  if (scenario.startFailure) {
    const error = refuse(scenario.startFailure, { detail: 'journal.db' });
    return { state: 'failed', error, preferences, version: VERSION };
  }
  if (!isSetUp) return { state: 'setUp', preferences, version: VERSION };
  if (!world.isSignedIn) return { state: 'locked', lock: lockView(world) };
  return { state: 'ready', session: sessionView(world) };
}

function begin(world: World, terminalName: string): void {
  if (world.isSetUp) throw refuse('already_set_up');
  world.terminal.name = terminalName;
  world.isSetUp = true;
  world.isSignedIn = false;
}

export function setUp(world: World, input: SetUpInput) {
  const { facilityName, terminalName, managerName, areas, pin } = input;
  checkNeeded('facilityName', facilityName, NAME_MAX);
  checkNeeded('terminalName', terminalName, NAME_MAX);
  checkNeeded('managerName', managerName, NAME_MAX);
  if (areas.length === 0) throw refuse('empty', { field: 'areas' });
  const names = new Set<string>();
  const made = areas.map(({ name, capacity }) => {
    checkNeeded('areas', name, NAME_MAX);
    if (names.has(areaForm(name))) throw refuse('area_name_taken', { name });
    names.add(areaForm(name));
    const limit = capacity === undefined ? null : whole(capacity, 'capacity', 1, CAPACITY_MAX);
    return { areaId: newId(), name, capacity: limit };
  });
  checkPin('manager', pin);
  begin(world, terminalName);
  world.facility.name = facilityName;
  world.areas = made;
  return found(world, managerName, pin);
}

export function join(world: World, input: JoinInput) {
  const { code, terminalName, connection } = input;
  if (world.scenario.joinFailure) throw refuse(world.scenario.joinFailure);
  invitationOf(code);
  checkNeeded('terminalName', terminalName, NAME_MAX);
  begin(world, terminalName);
  world.joined = true;
  world.people = [];
  acceptPairing(world, code);
  saveConnection(world, connection);
  return lockView(world);
}
