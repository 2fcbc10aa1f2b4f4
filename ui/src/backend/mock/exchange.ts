import type {
  Alarm,
  Connection,
  ConnectionInput,
  ConnectionTrial,
  DifferenceView,
  Erasure,
  Invitation,
  LinkProblem,
  LinkView,
  Outage,
  Pairing,
  QuarantinePage,
  QuarantineRow,
  SyncChip,
  SyncView,
  TerminalView,
} from '../types';
import { customerOf, newId, refuse, tagOf, type World } from './world';

const MINUTE_MS = 60_000;
/** A terminal heard within this time isn't lost. */
const ALIVE_MS = 2 * MINUTE_MS;
const PAGE = 20;

interface MockDifference extends Pick<DifferenceView, 'alteredHere' | 'alteredThere'> {
  isCustomer: boolean;
}

/** What this terminal knows of the others and of its link to them. */
export interface MockExchange {
  since: number;
  reading: boolean;
  /** Null: as many as there are records that wait. */
  pending: number | null;
  pendingRecords: number;
  outage: Outage | null;
  lastError: LinkProblem | null;
  clockOffMs: number | null;
  /** Without this one. */
  others: TerminalView[];
  hubId: string | null;
  quarantine: QuarantineRow[];
  alarms: Alarm[];
  /** What was found of a terminal that differs; null while it is looked for. */
  difference: MockDifference | null;
  erasures: Erasure[];
  sealedProfiles: number;
  /** What earlier lives of this terminal hold. */
  formerlyHeld: number;
  connection: Connection;
  password: string | null;
  /** How often somebody didn't want to wait. */
  retries: number;
}

/** As long as a real one: fourteen groups of six. */
export const PAIRING_CODE =
  'UJZDEG-XDNCF3-2EPF3D-HODZDO-CIS2JH-TLGMXG-EDN73U-55XTPL-PFT7V4-SEH2KV-J72CEU-VW75EF-R6EDT4-SYWB5W';

/** The same with the connection; what the program packs into it, this only pretends to. */
export const PAIRING_CODE_WITH_CONNECTION = `${PAIRING_CODE}-${PAIRING_CODE}`;

export const noConnection: Connection = {
  servers: '',
  prefix: '',
  transport: 'plain',
  caFile: '',
  certificateFile: '',
  keyFile: '',
  user: '',
  passwordKept: false,
};

export const quietExchange = (): MockExchange => ({
  since: Date.now(),
  reading: false,
  pending: null,
  pendingRecords: 0,
  outage: null,
  lastError: null,
  clockOffMs: null,
  others: [],
  hubId: null,
  quarantine: [],
  alarms: [],
  difference: null,
  erasures: [],
  sealedProfiles: 0,
  formerlyHeld: 0,
  connection: noConnection,
  password: null,
  retries: 0,
});

const waiting = (world: World) => world.records.filter(({ state }) => state === 'pending');
const pendingOf = (world: World) => world.exchange.pending ?? waiting(world).length;

export function chipView(world: World): SyncChip {
  const { sync } = world.scenario;
  if (sync === 'alone') return { state: 'alone', lastRecordAt: world.records.at(-1)?.at ?? null };
  const { since, reading } = world.exchange;
  const chip = { since, pending: pendingOf(world) };
  return sync === 'online' ? { state: sync, ...chip, reading } : { state: sync, ...chip };
}

function linkOf({ scenario: { sync }, exchange: { since, reading } }: World): LinkView {
  if (sync === 'alone') return { state: 'alone' };
  return sync === 'online' ? { state: 'online', since, reading } : { state: 'offline', since };
}

/** As the program masks it: 추○람. */
export const masked = (name: string) => [...name].map((letter, at) => (at === 1 ? '○' : letter)).join('');

export function syncView(world: World): SyncView {
  const { exchange, terminal, scenario } = world;
  const oldest = waiting(world).reduce<(typeof world.records)[number] | null>(
    (first, one) => (first && first.at <= one.at ? first : one),
    null,
  );
  const name = oldest && customerOf(world, oldest.customer.customerId).name;
  const here: TerminalView = {
    terminalId: terminal.id,
    name: terminal.name,
    here: true,
    hub: exchange.hubId === terminal.id,
    lastHeardAt: null,
    pending: pendingOf(world),
    behind: 0,
    digest: 'same',
    clockOffMs: null,
    // Told of terminals that were heard, and nobody hears itself.
    version: null,
    incarnations: [{ incarnation: terminal.id, seq: world.records.length, forked: false }],
    held: exchange.formerlyHeld,
  };
  const others = exchange.others.map((one) => ({ ...one, hub: one.terminalId === exchange.hubId }));
  return {
    asOf: Date.now(),
    link: linkOf(world),
    pending: scenario.sync === 'alone' ? 0 : pendingOf(world),
    pendingRecords: exchange.pendingRecords,
    oldest: oldest && { at: oldest.at, kind: oldest.kind, customer: name ? masked(name) : null },
    outage: exchange.outage,
    lastError: exchange.lastError,
    clockOffMs: exchange.clockOffMs,
    facts: 41_208,
    digest: '3fa921c7e05d84b1'.repeat(4),
    terminals: [here, ...others],
    quarantined: exchange.quarantine.length,
    alarms: exchange.alarms.map((alarm) =>
      alarm.kind === 'digestDiffers' && exchange.difference
        ? { ...alarm, difference: differenceIn(world, exchange.difference) }
        : alarm,
    ),
    erasures: exchange.erasures,
    sealedProfiles: exchange.sealedProfiles,
  };
}

/** Of the first customer, so that there is somebody to look at. */
function differenceIn({ customers }: World, { isCustomer, ...altered }: MockDifference): DifferenceView {
  const [first] = customers.values();
  if (!isCustomer || !first) return { customer: null, ...altered };
  const { customerId, name } = first;
  const shown = name === null ? null : masked(name);
  return { customer: { customerId, name: shown, tag: tagOf(customerId), here: 14, there: 13 }, ...altered };
}

export function quarantineView({ exchange: { quarantine } }: World, after: number | null): QuarantinePage {
  const from = after ?? 0;
  const next = from + PAGE < quarantine.length ? from + PAGE : null;
  return { rows: quarantine.slice(from, from + PAGE), total: quarantine.length, next };
}

export function tryConnection(world: World, { connection }: ConnectionInput): ConnectionTrial {
  const { trial } = world.scenario;
  const failed = (error: ConnectionTrial['error']) => ({
    clusterId: null,
    facts: null,
    tookMs: 2_140,
    error,
  });
  if (connection.servers === '') return failed(refuse('log_settings', { detail: 'no servers given' }));
  if (trial) {
    const detail = `${connection.servers}: handshake failed`;
    return failed(refuse(trial, { detail, topic: 'nosmoke.facts.v1' }));
  }
  return { clusterId: 'Xq3hP2mZQ0eK', facts: 41_208, tookMs: 412, error: null };
}

export function saveConnection(world: World, { connection, password }: ConnectionInput): Connection {
  const { exchange } = world;
  if (password !== undefined) exchange.password = password || null;
  exchange.connection = { ...connection, passwordKept: exchange.password !== null };
  world.scenario.sync = connection.servers === '' ? 'alone' : 'online';
  exchange.since = Date.now();
  return exchange.connection;
}

export const pairingView = ({ facility, exchange: { connection } }: World): Pairing => ({
  facility,
  code: PAIRING_CODE,
  codeWithConnection: connection.servers === '' ? null : PAIRING_CODE_WITH_CONNECTION,
});

export function invitationOf(code: string): Invitation {
  const typed = code.trim().toUpperCase();
  if (typed === PAIRING_CODE_WITH_CONNECTION) {
    const servers = 'kafka-1.hanbit.internal:9093,kafka-2.hanbit.internal:9093';
    const secured = { transport: 'tls', withUser: true, withCertificate: false } as const;
    return { tag: 'A1B2', connection: { facility: '한빛역 환승센터', servers, prefix: '', ...secured } };
  }
  if (!/^([A-Z2-7]{6}-){13}[A-Z2-7]{6}$/.test(typed)) throw refuse('bad_pairing_code');
  return { tag: 'A1B2', connection: null };
}

export function acceptPairing(world: World, code: string): void {
  invitationOf(code);
  world.exchange.sealedProfiles = 0;
  for (const customer of world.customers.values()) customer.unknownHere = false;
}

/** Refuses what can't be reclaimed; the job then does it. */
export function checkReclaim(world: World, terminalId: string): TerminalView {
  if (world.staff.role !== 'manager') throw refuse('not_authorised');
  if (world.scenario.sync !== 'online') throw refuse('link_down');
  if (world.exchange.reading) throw refuse('still_reading');
  const own = syncView(world).terminals.find(({ here }) => here);
  if (own?.terminalId === terminalId) return own;
  const terminal = world.exchange.others.find((one) => one.terminalId === terminalId);
  if (!terminal) throw refuse('unknown_terminal');
  const { name, lastHeardAt } = terminal;
  if (lastHeardAt !== null && Date.now() - lastHeardAt < ALIVE_MS) {
    throw refuse('terminal_alive', { terminalName: name, lastHeardAt });
  }
  return terminal;
}

export function reclaim(world: World, terminal: TerminalView): void {
  for (const customer of world.customers.values()) {
    const taken = customer.holders.filter(({ terminalName }) => terminalName === terminal.name);
    customer.holders = customer.holders.filter((holder) => !taken.includes(holder));
    for (const { points } of taken) {
      const { customerId } = customer;
      const by = world.staff.name;
      world.adjustments.push({
        id: newId(),
        customerId,
        at: Date.now(),
        points,
        reason: 'other',
        note: null,
        by,
      });
    }
  }
  if (terminal.here) world.exchange.formerlyHeld = 0;
  terminal.held = 0;
}
