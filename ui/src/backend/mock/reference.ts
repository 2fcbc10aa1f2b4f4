import type { Outcome, ProfileInput } from '../types';
import { living, type Of, whole } from './record';
import { isInside, newId, refuse, type World } from './world';

export function checkProfile(world: World, { name, phone, card }: ProfileInput, customerId?: string): void {
  if (name === '') throw refuse('empty', { field: 'name' });
  for (const [field, text, max] of [
    ['name', name, 200],
    ['phone', phone ?? '', 40],
    ['card', card ?? '', 64],
  ] as const) {
    if ([...text].length > max) throw refuse('too_long', { field, max });
    if (text.includes('\0')) throw refuse('invalid_text', { field });
  }
  const carrier = [...world.customers.values()].find(
    (one) => card && one.card === card && one.customerId !== customerId,
  );
  if (carrier) throw refuse('card_taken', { customerId: carrier.customerId, name: carrier.name ?? '' });
}

export function revise(world: World, { customerId, baseRevision, profile }: Of<'reviseCustomer'>): Outcome {
  const customer = living(world, customerId);
  if (customer.revision !== baseRevision) throw refuse('revised_meanwhile', { revision: customer.revision });
  checkProfile(world, profile, customerId);
  customer.revision += 1;
  customer.name = profile.name;
  customer.phone = profile.phone ?? null;
  customer.card = profile.card ?? null;
  return { type: 'customerSaved', customerId, revision: customer.revision };
}

export function saveArea(world: World, { areaId, name, capacity }: Of<'saveArea'>): Outcome {
  if (name === '') throw refuse('empty', { field: 'name' });
  if (world.areas.some((one) => one.name === name && one.areaId !== areaId)) throw refuse('area_name_taken');
  const limit = capacity === undefined ? null : whole(capacity, 'capacity', 1, 100_000);
  const id = areaId ?? newId();
  const saved = { areaId: id, name, capacity: limit };
  world.areas = areaId
    ? world.areas.map((one) => (one.areaId === areaId ? saved : one))
    : [...world.areas, saved];
  return { type: 'areaSaved', areaId: id };
}

export function retireArea(world: World, { areaId }: Of<'retireArea'>): Outcome {
  const area = world.areas.find((one) => one.areaId === areaId);
  if (!area) throw refuse('unknown_area');
  const present = world.visits.filter((visit) => isInside(visit) && visit.areaId === areaId).length;
  if (present > 0) throw refuse('area_occupied', { areaName: area.name, present });
  world.areas = world.areas.filter((one) => one.areaId !== areaId);
  return { type: 'done' };
}
