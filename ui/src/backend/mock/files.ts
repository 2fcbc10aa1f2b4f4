import type {
  ColumnUse,
  ImportChoices,
  ImportColumn,
  ImportPreview,
  ImportRow,
  ImportView,
  ReviseImport,
} from '../types';
import { addCustomer } from './seed';
import { newId, refuse, type World } from './world';

/** The path that each file dialog of the mock returns. */
export const PICKED = {
  histories: '/home/desk/흡연구역-이력.csv',
  customers: '/home/desk/흡연구역-고객.csv',
  accessLog: '/home/desk/흡연구역-접속기록.csv',
  whoDidWhat: '/home/desk/흡연구역-한일.csv',
  day: '/home/desk/흡연구역-하루.csv',
  badLines: '/home/desk/nosmoke-not-imported.csv',
  backup: '/home/desk/한빛역.nosmoke',
  pem: '/home/desk/ca.pem',
  diagnostics: '/home/desk/nosmoke-diagnostics.zip',
  pairing: '/home/desk/한빛역.nosmoke-code',
};

const asListed = { duplicateOf: null, phoneGiven: null, cardGiven: null };
const ROWS: ImportRow[] = [
  { line: 2, name: '추가람', phone: '010-3312-2275', card: null, problem: null, action: 'add', ...asListed },
  {
    line: 3,
    name: '선우진',
    phone: '010-8890-6618',
    card: 'NS-2204-0912',
    problem: null,
    action: 'add',
    ...asListed,
  },
  {
    line: 4,
    name: '',
    phone: '010-5521-9910',
    card: null,
    problem: refuse('empty', { field: 'name' }),
    action: 'skip',
    ...asListed,
  },
];

const column = (header: string, becomes: ColumnUse, samples: string[]): ImportColumn => ({
  header,
  becomes,
  suggested: becomes,
  samples,
});

export function previewImport(world: World, choices: ImportChoices = {}): ImportPreview {
  const preview: ImportPreview = {
    previewId: newId(),
    fileName: '고객명단.csv',
    format: 'csv',
    encoding: choices.encoding ?? 'CP949',
    delimiter: choices.delimiter ?? ',',
    sheets: [],
    sheet: null,
    headerLine: 1,
    titles: [],
    columns: [
      column('이름', 'name', ['추가람', '선우진']),
      column('전화번호', 'phone', ['010-3312-2275', '010-8890-6618', '010-5521-9910']),
      column('카드번호', 'card', ['NS-2204-0912']),
    ],
    phoneZerosLost: 0,
    cardDigitsLost: null,
    problem: null,
    importedBefore: null,
    choices,
    counts: { added: 2, updated: 0, skipped: 0, bad: 1 },
    good: 2,
    bad: 1,
    rows: ROWS,
  };
  preview.columns.forEach((column, index) => {
    if (choices.columns) column.becomes = choices.columns[index] ?? 'nothing';
  });
  world.preview = preview;
  return preview;
}

/** Reads the file of the latest preview again; the choices are shown but change no line. */
export function reviseImport(world: World, { previewId, choices }: ReviseImport): ImportPreview {
  if (world.preview?.previewId !== previewId) throw refuse('expired');
  return previewImport(world, choices);
}

/** Checks that a preview is still there whose bad lines are to be saved. */
export function expectPreview(world: World, previewId: string): void {
  if (world.preview?.previewId !== previewId) throw refuse('expired');
}

/** Returns the import preview with this id and removes it, so that it can be imported only once. */
export function takePreview(world: World, previewId: string): ImportPreview {
  const { preview } = world;
  if (preview?.previewId !== previewId) throw refuse('expired');
  world.preview = null;
  return preview;
}

export function importCustomers(world: World, { rows, fileName, counts }: ImportPreview): void {
  const added: string[] = [];
  for (const { name, phone, card, problem } of rows) {
    if (!problem) added.push(addCustomer(world, { name, phone, card }).customerId);
  }
  const view: ImportView = {
    importId: newId(),
    fileName,
    at: Date.now(),
    counts,
    complete: true,
    takenBackAt: null,
    erased: 0,
  };
  world.imports.unshift({ view, added });
}

/** Checks that nobody whom an import added has come, and returns it. */
export function importToTakeBack(world: World, importId: string): { view: ImportView; added: string[] } {
  const found = world.imports.find(({ view }) => view.importId === importId && view.takenBackAt === null);
  if (!found) throw refuse('unknown_import');
  const came = found.added.filter(
    (id) =>
      !world.customers.get(id)?.erased && world.records.some(({ customer }) => customer.customerId === id),
  );
  if (came.length > 0) {
    const name = world.customers.get(came[0] ?? '')?.name ?? null;
    throw refuse('import_used', { name, customers: came.length });
  }
  return found;
}
