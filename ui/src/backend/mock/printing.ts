import type {
  PageSize,
  PrinterSetting,
  PrinterView,
  PrintPageInput,
  SlipBlock,
  SlipEntriesInput,
  SlipEntriesPage,
  SlipInput,
  SlipView,
  WaitingSlip,
} from '../types';
import { checkText, whole } from './limits';
import { clamp, pageOf } from './paging';
import { masked } from './replication';
import type { Scenario } from './scenario';
import { nameView } from './views';
import { customerOf, newId, refuse, type World } from './world';

const PLACE_MAX = 300;
const ENTRIES_MAX = 200;
const WAITING_MAX = 50;
const USB = /^\/dev\/(usb\/)?lp\d{1,3}$/;
const HOST = /^[A-Za-z0-9._:%-]+$/;

export interface MockPrinter {
  setting: PrinterSetting;
  /** Why nothing comes out; null for a printer that prints at once. */
  fault: WaitingSlip['fault'];
  waiting: WaitingSlip[];
  lastId: number;
  /** All slips that came out, on this printer or the system's, and whether the paper says that they did before. */
  printed: { slip: SlipInput; reprint: boolean }[];
  /** The pages that went to the system's dialog. */
  pages: PageSize[];
}

export function newPrinter({ printer }: Scenario): MockPrinter {
  const isAway = printer === 'away';
  return {
    setting: {
      place: printer === 'none' ? { type: 'none' } : { type: 'network', address: '192.168.0.50' },
      roll: 'mm80',
      hangul: 'picture',
    },
    fault: isAway ? 'unreachable' : null,
    waiting: isAway
      ? [
          {
            id: 1,
            kind: 'receipt',
            whose: '오○현',
            at: Date.now() - 180_000,
            sending: false,
            fault: 'unreachable',
            partly: false,
          },
        ]
      : [],
    lastId: isAway ? 1 : 0,
    printed: [],
    pages: [],
  };
}

/** As many payments of one millisecond, each of another amount, as no page of receipts holds. */
export const MANY_PAYMENTS = 105;

export function addManyPayments({ records }: World): void {
  const paid = records.find(({ kind }) => kind === 'paid');
  if (!paid) return;
  for (let number = 1; number <= MANY_PAYMENTS; number += 1) {
    records.push({ ...paid, eventId: newId(), subjectId: newId(), points: -10_000 - number });
  }
}

export const printerView = ({ printer }: World): PrinterView => ({
  setting: printer.setting,
  waiting: printer.waiting,
});

export function savePrinter(world: World, setting: PrinterSetting): PrinterView {
  const { place } = setting;
  if (place.type === 'network') {
    const wrong = wrongAddress(place.address.trim());
    if (wrong) throw refuse('printer_address', { reason: wrong });
    checkText('address', place.address, PLACE_MAX);
  }
  if (place.type === 'usb') {
    const path = place.path.trim();
    if (!USB.test(path)) throw refuse('printer_address', { reason: path === '' ? 'empty' : 'device' });
  }
  world.printer.setting = setting;
  return printerView(world);
}

/** What is wrong with the address of a printer in the network; null for a good one. */
function wrongAddress(text: string): 'empty' | 'host' | 'port' | null {
  const bracketed = /^\[([^\]]*)\](.*)$/.exec(text);
  if (text.startsWith('[') && !bracketed) return 'host';
  const isIpv6 = !bracketed && text.split(':').length > 2;
  const colon = text.indexOf(':');
  if (text.includes('/')) return 'host';
  const [host, port] = bracketed
    ? [bracketed[1] ?? '', bracketed[2] ?? '']
    : isIpv6 || colon < 0
      ? [text, '']
      : [text.slice(0, colon), text.slice(colon)];
  const number = /^:\d+$/.test(port) ? Number(port.slice(1)) : 0;
  if (port !== '' && !(number >= 1 && number <= 65_535)) return 'port';
  if (host === '') return 'empty';
  return host.length <= 253 && HOST.test(host) ? null : 'host';
}

/** Whether the slip of this payment or penalty came out before; other slips are about the moment they are printed. */
const isReprint = ({ printer }: World, slip: SlipInput): boolean =>
  (slip.type === 'receipt' || slip.type === 'penalty') &&
  printer.printed.some((one) => JSON.stringify(one.slip) === JSON.stringify(slip));

export function printSlip(world: World, slip: SlipInput): PrinterView {
  const { printer } = world;
  expectSlip(world, slip);
  if (printer.setting.place.type === 'none') throw refuse('no_printer');
  if (printer.fault === null) printer.printed.push({ slip, reprint: isReprint(world, slip) });
  else {
    // All of them have failed: the oldest one gives way.
    if (printer.waiting.length >= WAITING_MAX) printer.waiting.shift();
    printer.lastId += 1;
    const { lastId: id, fault } = printer;
    const whose = whoseOf(world, slip);
    const partly = fault === 'cutOff';
    printer.waiting.push({ id, kind: slip.type, whose, at: Date.now(), sending: false, fault, partly });
  }
  return printerView(world);
}

/** The customer as the list names them, masked; null on a card and a test print. */
function whoseOf(world: World, slip: SlipInput): string | null {
  if (slip.type === 'test' || slip.type === 'card') return null;
  const name =
    'customerId' in slip ? world.customers.get(slip.customerId)?.name : recordOf(world, slip)?.customer.name;
  return name ? masked(name) : '손님';
}

/** A slip as blocks. The mock words only what the screens' tests look at. */
export function slipView(world: World, slip: SlipInput): SlipView {
  expectSlip(world, slip);
  const reprint = isReprint(world, slip);
  const code: SlipBlock = { type: 'code', bars: false, rows: ['101', '010', '101'] };
  return {
    kind: slip.type,
    roll: world.printer.setting.roll,
    blocks: [
      { type: 'text', text: world.facility.name, align: 'center', bold: false, large: false },
      { type: 'text', text: slip.type, align: 'center', bold: true, large: true },
      { type: 'rule' },
      { type: 'pair', label: '다시 인쇄', value: reprint ? '예' : '아니요', bold: false },
      { type: 'gap' },
      ...(slip.type === 'card' || slip.type === 'test' ? [code] : []),
    ],
  };
}

export function printPage(world: World, { slip, page }: PrintPageInput): void {
  whole(page.widthMm, 'widthMm', 40, 300);
  whole(page.heightMm, 'heightMm', 40, 2_000);
  expectSlip(world, slip);
  world.printer.printed.push({ slip, reprint: isReprint(world, slip) });
  world.printer.pages.push(page);
}

/** Refuses a slip about nothing. */
function expectSlip(world: World, slip: SlipInput): void {
  if (slip.type === 'test') return;
  if (slip.type === 'card' || slip.type === 'balance') {
    const customer = world.customers.get(slip.customerId);
    if (!customer) throw refuse('unknown_customer');
    if (customer.erased) throw refuse('customer_erased');
    if (slip.type === 'card' && customer.card === null) throw refuse('no_card');
    return;
  }
  const record = recordOf(world, slip);
  if (!record) throw refuse(slip.type === 'receipt' ? 'unknown_payment' : 'unknown_penalty');
  if (world.customers.get(record.customer.customerId)?.erased) throw refuse('customer_erased');
}

function recordOf({ records }: World, slip: Extract<SlipInput, { type: 'receipt' | 'penalty' }>) {
  const [kind, id] =
    slip.type === 'receipt'
      ? (['paid', slip.paymentId] as const)
      : (['penaltyImposed', slip.penaltyId] as const);
  return records.find((entry) => entry.kind === kind && entry.subjectId === id);
}

export function retrySlip(world: World, id: number): PrinterView {
  const { printer } = world;
  if (!printer.waiting.some((slip) => slip.id === id)) return printerView(world);
  if (printer.setting.place.type === 'none') throw refuse('no_printer');
  if (printer.fault === null) printer.waiting = printer.waiting.filter((slip) => slip.id !== id);
  return printerView(world);
}

export function discardSlip(world: World, id: number): PrinterView {
  world.printer.waiting = world.printer.waiting.filter((slip) => slip.id !== id);
  return printerView(world);
}

/** A page of what has a slip, the newest first. */
export function slipEntries(world: World, { customerId, cursor, limit }: SlipEntriesInput): SlipEntriesPage {
  const page = pageOf('slips', cursor, clamp(limit, ENTRIES_MAX));
  const found = world.records
    .map((record, index) => ({ record, index }))
    .filter(({ record }) => record.kind === 'paid' || record.kind === 'penaltyImposed')
    .filter(({ record }) => !customerId || record.customer.customerId === customerId)
    .sort((one, other) => other.record.at - one.record.at || other.index - one.index);
  const { rows, next } = page(found);
  const entries = rows.map(({ record }) => ({
    ...record,
    customer: nameView(customerOf(world, record.customer.customerId)),
    state: 'saved' as const,
  }));
  return { entries, next };
}
