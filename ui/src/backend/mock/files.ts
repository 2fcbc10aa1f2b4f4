import type { ImportPreview } from '../types';
import { addCustomer } from './seed';
import { newId, refuse, type World } from './world';

/** The path that each file dialog of the mock returns. */
export const PICKED = {
  histories: '/home/desk/흡연구역-이력.csv',
  customers: '/home/desk/흡연구역-고객.csv',
  backup: '/home/desk/한빛역.nosmoke',
  pem: '/home/desk/ca.pem',
  pairing: '/home/desk/한빛역.nosmoke-code',
};

const ROWS = [
  { line: 2, name: '추가람', phone: '010-3312-2275', card: null, problem: null },
  { line: 3, name: '선우진', phone: '010-8890-6618', card: 'NS-2204-0912', problem: null },
  { line: 4, name: '', phone: '010-5521-9910', card: null, problem: refuse('empty', { field: 'name' }) },
];

export function previewImport(world: World): ImportPreview {
  const preview = {
    previewId: newId(),
    fileName: '고객명단.csv',
    encoding: 'CP949',
    good: 2,
    bad: 1,
    rows: ROWS,
  };
  world.preview = preview;
  return preview;
}

/** Returns the import preview with this id and removes it, so that it can be imported only once. */
export function takePreview(world: World, previewId: string): ImportPreview {
  const { preview } = world;
  if (preview?.previewId !== previewId) throw refuse('expired');
  world.preview = null;
  return preview;
}

export function importCustomers(world: World, { rows }: ImportPreview): void {
  for (const { name, phone, card, problem } of rows) {
    if (!problem) addCustomer(world, { name, phone, card });
  }
}
