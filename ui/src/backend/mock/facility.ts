import type { Area, Outcome } from '../types';
import { CAPACITY_MAX, checkNeeded, NAME_MAX, whole } from './limits';
import type { Of } from './record';
import { areaForm } from './searchKeys';
import { isInside, newId, refuse, type World } from './world';

export function saveArea(world: World, { areaId, name, capacity }: Of<'saveArea'>): Outcome {
  checkNeeded('name', name, NAME_MAX);
  const limit = capacity === undefined ? null : whole(capacity, 'capacity', 1, CAPACITY_MAX);
  const known = world.areas.find((one) => one.areaId === areaId);
  const readsAlike = (one: Area) => one !== known && areaForm(one.name) === areaForm(name);
  // An area may keep its name beside a like one, which another terminal may have added meanwhile.
  if (known?.name !== name && world.areas.some(readsAlike)) throw refuse('area_name_taken', { name });
  if (areaId !== undefined && !known) throw refuse('unknown_area');
  if (known) Object.assign(known, { name, capacity: limit });
  const area = known ?? { areaId: newId(), name, capacity: limit };
  if (!known) world.areas.push(area);
  return { type: 'areaSaved', areaId: area.areaId };
}

export function retireArea(world: World, { areaId }: Of<'retireArea'>): Outcome {
  const area = world.areas.find((one) => one.areaId === areaId);
  if (!area) throw refuse('unknown_area');
  const present = world.visits.filter((visit) => isInside(visit) && visit.areaId === areaId).length;
  if (present > 0) throw refuse('area_occupied', { areaName: area.name, present });
  world.areas = world.areas.filter((one) => one !== area);
  world.retiredAreas.push(area);
  return { type: 'done' };
}

export function saveFacility(world: World, { name }: Of<'saveFacility'>): Outcome {
  checkNeeded('name', name, NAME_MAX);
  world.facility.name = name;
  return { type: 'done' };
}

export function saveEvacuation(world: World, { content }: Of<'saveEvacuation'>): Outcome {
  world.evacuation = content;
  return { type: 'done' };
}

export function saveTerminal(world: World, { name }: Of<'saveTerminal'>): Outcome {
  checkNeeded('name', name, NAME_MAX);
  world.terminal.name = name;
  return { type: 'done' };
}

export function saveHub(world: World, { terminalId }: Of<'saveHub'>): Outcome {
  const known = [world.terminal.id, ...world.replication.others.map((one) => one.terminalId)];
  if (terminalId !== null && !known.includes(terminalId)) throw refuse('unknown_terminal');
  world.replication.hubId = terminalId;
  return { type: 'done' };
}
