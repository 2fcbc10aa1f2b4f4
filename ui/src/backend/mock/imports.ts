import type {
  ColumnUse,
  ImportChoices,
  ImportColumn,
  ImportPreview,
  ImportRow,
  ImportView,
  ReviseImport,
} from '../types';
import { erase } from './customers';
import { impose, voidPenalty } from './penalties';
import { adjust } from './points';
import { addCustomer } from './seed';
import { type MockImport, type MockImported, newId, refuse, type World } from './world';

const asListed = { duplicateOf: null, phoneGiven: null, cardGiven: null, hasOpening: false };
const bringsNothing = { points: null, penaltyPoints: null };
const ROWS: ImportRow[] = [
  {
    line: 2,
    name: '추가람',
    phone: '010-3312-2275',
    card: null,
    points: 1_200,
    penaltyPoints: 10,
    problem: null,
    action: 'add',
    ...asListed,
  },
  {
    line: 3,
    name: '선우진',
    phone: '010-8890-6618',
    card: 'NS-2204-0912',
    problem: null,
    action: 'add',
    ...bringsNothing,
    ...asListed,
  },
  {
    line: 4,
    name: '',
    phone: '010-5521-9910',
    card: null,
    problem: refuse('empty', { field: 'name' }),
    action: 'skip',
    ...bringsNothing,
    ...asListed,
  },
  {
    line: 5,
    name: '이재하',
    phone: '010-4477-1020',
    card: null,
    problem: refuse('not_an_amount', { field: 'openingPoints', value: '1,500' }),
    action: 'skip',
    ...bringsNothing,
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
      column('이름', 'name', ['추가람', '선우진', '이재하']),
      column('전화번호', 'phone', ['010-3312-2275', '010-8890-6618', '010-5521-9910']),
      column('카드번호', 'card', ['NS-2204-0912']),
      column('포인트', 'points', ['1200', '1,500']),
      column('패널티 점수', 'penaltyPoints', ['10']),
    ],
    phoneZerosLost: 0,
    cardDigitsLost: null,
    problem: null,
    importedBefore: null,
    penaltyCode: choices.penaltyCode ?? world.rules.codes[0]?.code ?? null,
    choices,
    counts: { added: 2, updated: 0, skipped: 0, bad: 2, points: 1_200, penaltyPoints: 10 },
    good: 2,
    bad: 2,
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

export function importCustomers(world: World, { rows, fileName, counts, penaltyCode }: ImportPreview): void {
  const added = rows.filter(({ problem }) => !problem).map((row) => register(world, row, penaltyCode));
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

/** Registers the customer of a row with the opening balance. */
function register(world: World, row: ImportRow, penaltyCode: ImportPreview['penaltyCode']): MockImported {
  const { name, phone, card, points, penaltyPoints } = row;
  const { customerId } = addCustomer(world, { name, phone, card });
  const openings: string[] = [];
  if (points !== null) {
    adjust(world, { type: 'adjustPoints', customerId, points, reason: 'migration' });
    openings.push(world.adjustments.at(-1)?.id ?? '');
  }
  if (penaltyPoints !== null) {
    const code = penaltyCode ?? 'BASIC';
    impose(world, { type: 'imposePenalty', customerId, code, points: penaltyPoints });
    openings.push(world.penalties.at(-1)?.penaltyId ?? '');
  }
  return { customerId, openings };
}

/** Checks that nobody whom an import added has come, and returns it. */
export function importToTakeBack(world: World, importId: string): MockImport {
  const found = world.imports.find(({ view }) => view.importId === importId && view.takenBackAt === null);
  if (!found) throw refuse('unknown_import');
  const came = found.added.filter(
    ({ customerId, openings }) =>
      !world.customers.get(customerId)?.erased &&
      world.records.some(
        ({ customer, subjectId }) =>
          customer.customerId === customerId && !openings.includes(subjectId ?? ''),
      ),
  );
  if (came.length > 0) {
    const name = world.customers.get(came[0]?.customerId ?? '')?.name ?? null;
    throw refuse('import_used', { name, customers: came.length });
  }
  return found;
}

/** Takes the opening balances of an import back, and erases the customers that it added. */
export function takeImportBack(world: World, found: MockImport): void {
  let erased = 0;
  for (const { customerId, openings } of found.added) {
    if (world.customers.get(customerId)?.erased) continue;
    const adjusted = world.adjustments.find(({ id }) => openings.includes(id));
    if (adjusted) {
      adjust(world, { type: 'adjustPoints', customerId, points: -adjusted.points, reason: 'migration' });
    }
    const imposed = world.penalties.find(({ penaltyId }) => openings.includes(penaltyId));
    if (imposed) {
      voidPenalty(world, { type: 'voidPenalty', penaltyId: imposed.penaltyId, reason: 'mistaken' });
    }
    erase(world, { type: 'eraseCustomer', customerId });
    erased += 1;
  }
  found.view = { ...found.view, takenBackAt: Date.now(), erased };
}
