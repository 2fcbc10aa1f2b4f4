import type {
  Alarm,
  Connection,
  ConnectionProblem,
  ConnectionView,
  DifferenceView,
  Erasure,
  HolderView,
  Invitation,
  Outage,
  Outcome,
  Pairing,
  QuarantinePage,
  QuarantineRow,
  RecentEntry,
  StrangersView,
  SyncChip,
  SyncView,
  TerminalView,
} from '../types';
import { type Of, recordedAt } from './record';
import { customerOf, factsOf, refuse, tagOf, type World } from './world';

const MINUTE_MS = 60_000;
/** A terminal without a heartbeat for this long is silent: the points of its incarnation can be reclaimed. */
export const SILENT_AFTER_MS = 2 * MINUTE_MS;
const PAGE = 50;

/** Another terminal. */
export interface MockTerminal extends Omit<TerminalView, 'here' | 'hub' | 'held'> {
  /** The points that its current incarnation holds; null if counting them would take long. */
  holds: number | null;
  /** The points that its earlier incarnations hold. */
  holdsEarlier: number;
}

interface MockDifference extends Pick<DifferenceView, 'alteredHere' | 'alteredThere'> {
  isCustomer: boolean;
}

/** The mock's state of replication: the connection to Kafka, and what is known of the other terminals. */
export interface MockReplication {
  since: number;
  reading: boolean;
  /** The number of pending facts; null to count the pending entries. */
  pending: number | null;
  pendingDocuments: number;
  outage: Outage | null;
  lastError: ConnectionProblem | null;
  clockOffMs: number | null;
  /** All terminals but this one. */
  others: MockTerminal[];
  /** Whether this terminal is retired. */
  retiredHere: boolean;
  hubId: string | null;
  quarantine: QuarantineRow[];
  alarms: Alarm[];
  /** The difference found between this terminal's facts and another's; null while the search goes on. */
  difference: MockDifference | null;
  erasures: Erasure[];
  strangers: StrangersView | null;
  /** The points that earlier incarnations of this terminal hold. */
  formerlyHeld: number;
  connection: Connection;
  password: string | null;
  /** The number of times that the user has asked to reconnect at once. */
  retries: number;
}

/** A pairing code as long as a real one: fourteen groups of six characters. */
export const PAIRING_CODE =
  'UJZDEG-XDNCF3-2EPF3D-HODZDO-CIS2JH-TLGMXG-EDN73U-55XTPL-PFT7V4-SEH2KV-J72CEU-VW75EF-R6EDT4-SYWB5W';

/**
 * Stands for a pairing code that also contains the connection. The mock's code contains nothing and is only as long.
 */
export const PAIRING_CODE_WITH_CONNECTION = `${PAIRING_CODE}-${PAIRING_CODE}`;

export const noConnection: Connection = {
  servers: '',
  prefix: '',
  transport: 'plain',
  caFile: '',
  certificateFile: '',
  keyFile: '',
  user: '',
  mechanism: 'scramSha512',
  passwordKept: false,
};

export const quietReplication = (): MockReplication => ({
  since: Date.now(),
  reading: false,
  pending: null,
  pendingDocuments: 0,
  outage: null,
  lastError: null,
  clockOffMs: null,
  others: [],
  retiredHere: false,
  hubId: null,
  quarantine: [],
  alarms: [],
  difference: null,
  erasures: [],
  strangers: null,
  formerlyHeld: 0,
  connection: noConnection,
  password: null,
  retries: 0,
});

/** Returns the entries of facts that aren't in the cluster yet: all of them if no cluster is configured. */
function waitingIn({ scenario: { sync }, records }: World): RecentEntry[] {
  return sync === 'alone' ? records : records.filter(({ state }) => state === 'pending');
}

function lastRecordAt({ records }: World): number | null {
  const last = records.at(-1);
  return last ? recordedAt(last) : null;
}

export function pendingOf(world: World): number {
  if (world.scenario.sync === 'alone') return factsOf(world);
  return world.replication.pending ?? waitingIn(world).length;
}

export function chipView(world: World): SyncChip {
  const { sync } = world.scenario;
  if (sync === 'alone') return { state: 'alone', lastRecordAt: lastRecordAt(world) };
  const { since, reading, others } = world.replication;
  const chip = { since, pending: pendingOf(world), hearsNobody: others.length === 0 };
  return sync === 'online' ? { state: sync, ...chip, reading } : { state: sync, ...chip };
}

function connectionOf({ scenario: { sync }, replication: { since, reading } }: World): ConnectionView {
  if (sync === 'alone') return { state: 'alone' };
  return sync === 'online' ? { state: 'online', since, reading } : { state: 'offline', since };
}

const isSilent = ({ lastHeardAt }: MockTerminal): boolean =>
  lastHeardAt === null || Date.now() - lastHeardAt >= SILENT_AFTER_MS;

/** Returns the points that can be reclaimed: of earlier incarnations, and of the current one if silent or retired. */
function reclaimable(terminal: MockTerminal): number | null {
  const { holds, holdsEarlier, retired } = terminal;
  if (!retired && !isSilent(terminal)) return holdsEarlier;
  return holds === null ? null : holds + holdsEarlier;
}

/** Masks a name except for its first and last letter, or for the first one if it has only two: 추○람, 김○. */
export function masked(name: string): string {
  const letters = [...name];
  const last = letters.length > 2 ? letters.length - 1 : 0;
  return letters.map((letter, at) => (at === 0 || at === last ? letter : '○')).join('');
}

export function syncView(world: World): SyncView {
  const { replication, terminal } = world;
  const [oldest = null] = waitingIn(world).toSorted((one, other) => recordedAt(one) - recordedAt(other));
  const name = oldest && customerOf(world, oldest.customer.customerId).name;
  const here: TerminalView = {
    terminalId: terminal.id,
    name: terminal.name,
    here: true,
    hub: replication.hubId === terminal.id,
    retired: replication.retiredHere,
    lastHeardAt: null,
    pending: pendingOf(world),
    // Known only from another terminal's heartbeats, so unknown for this terminal itself.
    behind: null,
    digest: 'notYet',
    clockOffMs: null,
    version: null,
    incarnations: [{ incarnation: terminal.incarnation, seq: factsOf(world), forked: false }],
    held: replication.formerlyHeld,
  };
  const others = replication.others.map(({ holds, holdsEarlier, ...one }) => ({
    ...one,
    here: false,
    hub: one.terminalId === replication.hubId,
    held: reclaimable({ holds, holdsEarlier, ...one }),
  }));
  return {
    asOf: Date.now(),
    connection: connectionOf(world),
    pending: pendingOf(world),
    pendingDocuments: replication.pendingDocuments,
    oldest: oldest && { at: recordedAt(oldest), kind: oldest.kind, customer: name ? masked(name) : null },
    outage: replication.outage,
    lastError: replication.lastError,
    clockOffMs: replication.clockOffMs,
    facts: factsOf(world),
    digest: '3fa921c7e05d84b1'.repeat(4),
    terminals: [here, ...others],
    quarantined: replication.quarantine.length,
    alarms: replication.alarms.map((alarm) =>
      alarm.kind === 'digestDiffers' && replication.difference
        ? { ...alarm, difference: differenceIn(world, replication.difference) }
        : alarm,
    ),
    erasures: replication.erasures,
    strangers: replication.strangers,
  };
}

/** Describes the difference as one in the facts of the first customer, whom the screens can then open. */
function differenceIn({ customers }: World, { isCustomer, ...altered }: MockDifference): DifferenceView {
  const [first] = customers.values();
  if (!isCustomer || !first) return { customer: null, ...altered };
  const { customerId, name } = first;
  const shown = name === null ? null : masked(name);
  return { customer: { customerId, name: shown, tag: tagOf(customerId), here: 14, there: 13 }, ...altered };
}

export function quarantineView({ replication: { quarantine } }: World, after: number | null): QuarantinePage {
  const from = after ?? 0;
  const next = from + PAGE < quarantine.length ? from + PAGE : null;
  return { rows: quarantine.slice(from, from + PAGE), total: quarantine.length, dropped: 0, next };
}

export const pairingView = ({ facility, replication: { connection } }: World): Pairing => ({
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
  for (const customer of world.customers.values()) customer.unknownHere = false;
}

/** Stores a new heartbeat of every terminal that isn't silent, as if it had just sent one. */
export function hearOthers({ scenario, replication, customers }: World): void {
  if (scenario.sync !== 'online') return;
  const now = Date.now();
  const heard = replication.others.filter((one) => !isSilent(one));
  for (const terminal of heard) terminal.lastHeardAt = now;
  const names = new Set(heard.map(({ name }) => name));
  for (const { holders } of customers.values())
    for (const holder of holders)
      if (!holder.earlier && names.has(holder.terminalName)) holder.lastHeardAt = now;
}

export function retireTerminal(world: World, { terminalId, retired }: Of<'retireTerminal'>): Outcome {
  const { replication, terminal } = world;
  const other = replication.others.find((one) => one.terminalId === terminalId);
  if (other) other.retired = retired;
  else if (terminalId === terminal.id) replication.retiredHere = retired;
  else throw refuse('unknown_terminal');
  return { type: 'done' };
}

export interface Reclaim {
  /** How many seconds the job waits, to check that nothing is heard of the terminal. */
  waits: number;
  /** Takes the points over. */
  take(): void;
}

/** Refuses a terminal whose points can't be reclaimed; otherwise returns what a job has to do. */
export function prepareReclaim(world: World, terminalId: string): Reclaim {
  if (world.scenario.sync !== 'online') throw refuse('not_connected');
  if (world.replication.reading) throw refuse('still_reading');
  const waits = world.scenario.reclaimWaitS;
  if (terminalId === world.terminal.id) {
    const take = () => {
      receive(world, ({ here }) => here);
      world.replication.formerlyHeld = 0;
    };
    return { waits, take };
  }
  const terminal = world.replication.others.find((one) => one.terminalId === terminalId);
  if (!terminal) throw refuse('unknown_terminal');
  const { name, lastHeardAt, retired } = terminal;
  const isWhole = retired || isSilent(terminal);
  if (!isWhole && terminal.holdsEarlier === 0) {
    throw refuse('terminal_alive', { terminalName: name, lastHeardAt });
  }
  const take = () => {
    receive(
      world,
      ({ terminalName, here, earlier }) => terminalName === name && !here && (isWhole || earlier),
    );
    terminal.holdsEarlier = 0;
    if (isWhole) terminal.holds = 0;
  };
  return { waits: retired ? 0 : waits, take };
}

/** Brings the points of some holders to this terminal. */
function receive({ customers }: World, isTaken: (holder: HolderView) => boolean): void {
  for (const customer of customers.values()) {
    for (const { points } of customer.holders.filter(isTaken)) customer.received += points;
    customer.holders = customer.holders.filter((holder) => !isTaken(holder));
  }
}
