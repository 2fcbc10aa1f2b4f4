import type { QuarantineRow, TerminalView } from '../types';
import { type MockExchange, noConnection, quietExchange } from './exchange';
import type { Scenario } from './scenario';
import { newId } from './world';

const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;

function terminal(
  name: string | null,
  heardAgo: number | null,
  more: Partial<TerminalView> = {},
): TerminalView {
  const terminalId = newId();
  return {
    terminalId,
    name,
    here: false,
    hub: false,
    lastHeardAt: heardAgo === null ? null : Date.now() - heardAgo,
    pending: 0,
    behind: 0,
    digest: 'same',
    clockOffMs: null,
    version: '0.1.0',
    incarnations: [{ incarnation: newId(), seq: 5_120, forked: false }],
    // Counted only where there may be something to reclaim.
    held: heardAgo !== null && heardAgo < 2 * MINUTE_MS ? 0 : 3_200,
    ...more,
  };
}

const quarantined = (
  minutesAgo: number,
  reason: QuarantineRow['reason'],
  more: Partial<QuarantineRow>,
): QuarantineRow => ({
  at: Date.now() - minutesAgo * MINUTE_MS,
  topic: 'nosmoke.facts.v1',
  partition: 4,
  offset: 38_117,
  reason,
  detail: 'expected `,` or `}` at line 1 column 214',
  size: 412,
  key: '0192f3a4-7c11-7000-8000-4b1d9c2e7f10',
  headers: [
    ['ce_id', '0192f3a4-7c11-7000-8000-00000000c0de'],
    ['ce_type', 'io.nosmoke.paid.v1'],
    ['ce_time', '2026-11-20T02:03:11.482Z'],
    ['content-type', 'application/json'],
  ],
  raw: '{"customer_id":"0192f3a4-7c11-7000-8000-4b1d9c2e7f10","points":120 "note":"무인매점"}',
  ...more,
});

const QUARANTINE = (): QuarantineRow[] => [
  quarantined(2, 'too_large', {
    size: 1_468_006,
    detail: '1468006 bytes, at most 1048576',
    raw: '{"a":'.repeat(700),
  }),
  quarantined(26 * 60, 'malformed', { topic: 'nosmoke.profiles.v1', partition: 9, offset: 6_540 }),
];

/** The exchange as a scenario wants it. */
export function seedExchange({ sync, exchange: kind, services }: Scenario): MockExchange {
  const now = Date.now();
  const exchange = quietExchange();
  if (sync === 'alone') return exchange;
  const isOffline = sync === 'offline';
  exchange.since = isOffline ? now - 95 * MINUTE_MS : now;
  exchange.connection = {
    ...noConnection,
    servers: 'kafka-1.hanbit.internal:9093, kafka-2.hanbit.internal:9093',
    transport: 'tls',
    caFile: '/etc/nosmoke/hanbit-ca.pem',
    user: 'desk-1',
    passwordKept: true,
  };
  exchange.password = 'kept';
  const silence = isOffline ? 95 * MINUTE_MS : 0;
  exchange.others = [
    terminal('단말 2 · 서문 입구', silence + 2 * SECOND_MS, { digest: isOffline ? 'notYet' : 'same' }),
    terminal('단말 3 · 옥상 정원', silence + 4 * SECOND_MS, { digest: isOffline ? 'notYet' : 'same' }),
    terminal('관리실 서버', silence + 3 * SECOND_MS, { digest: isOffline ? 'notYet' : 'same' }),
  ];
  exchange.hubId = exchange.others[2]?.terminalId ?? null;
  if (isOffline) exchange.outage = { from: exchange.since, to: null };
  if (isOffline) {
    exchange.lastError = {
      at: exchange.since,
      error: {
        code: 'log_unreachable',
        params: { detail: 'kafka-1.hanbit.internal:9093: Connection refused' },
      },
    };
  }
  if (services === 'many') {
    const more = [5, 6, 7, 8, 9, 10, 11, 12].map((number) =>
      terminal(
        `단말 ${number} · 환승 통로 ${number}번 출입구`,
        number === 9 ? 40 * MINUTE_MS : 3 * SECOND_MS,
      ),
    );
    const long = terminal('국제여객터미널 제2여객동 북측 옥외 흡연구역 관리 데스크', 2 * SECOND_MS);
    exchange.others = [
      long,
      ...exchange.others.slice(1),
      ...more,
      { ...long, terminalId: newId(), name: null },
    ];
  }
  if (kind === 'calm') return exchange;
  exchange.outage = { from: now - 111 * MINUTE_MS, to: isOffline ? null : now - MINUTE_MS };
  exchange.lastError = {
    at: now - 111 * MINUTE_MS,
    error: { code: 'log_unreachable', params: { detail: 'kafka-1.hanbit.internal:9093: timed out' } },
  };
  exchange.quarantine = QUARANTINE();
  if (kind === 'sending') exchange.pending = 14;
  if (kind === 'reading') exchange.reading = true;
  if (kind === 'trouble') Object.assign(exchange, trouble(exchange, now));
  if (kind === 'long') Object.assign(exchange, long(exchange));
  return exchange;
}

function trouble(exchange: MockExchange, now: number): Partial<MockExchange> {
  const [second, third, hub] = exchange.others;
  return {
    others: [
      ...(second ? [second] : []),
      ...(third ? [{ ...third, digest: 'different' as const, behind: 3, clockOffMs: 187_000 }] : []),
      terminal('단말 4 · 관리실', 192 * MINUTE_MS, {
        digest: 'notYet',
        pending: null,
        behind: null,
        held: 1_240,
        version: '0.0.9',
      }),
      terminal(null, null, { digest: 'notYet', pending: null, behind: null, held: null, version: null }),
      ...(hub ? [hub] : []),
    ],
    alarms: [
      { kind: 'newLife', at: now - 5 * HOUR_MS },
      { kind: 'digestDiffers', terminalName: '단말 3 · 옥상 정원', difference: null },
      { kind: 'forked', terminalName: '단말 4 · 관리실', incarnation: newId() },
      { kind: 'newLog', at: now - 30 * HOUR_MS },
      { kind: 'needsUpdate', facts: 3 },
    ],
    difference: { isCustomer: true, alteredHere: false, alteredThere: false },
    clockOffMs: -264_000,
    sealedProfiles: 37,
    formerlyHeld: 340,
    pendingRecords: 2,
    erasures: [
      {
        eventId: newId(),
        at: now - 2 * HOUR_MS,
        tag: 'A1B2',
        applied: ['단말 1 · 동문 데스크', '단말 2 · 서문 입구', '관리실 서버'],
        waiting: ['단말 4 · 관리실'],
      },
      {
        eventId: newId(),
        at: now - 50 * HOUR_MS,
        tag: '77C0',
        applied: ['단말 1 · 동문 데스크', '단말 2 · 서문 입구', '단말 3 · 옥상 정원', '관리실 서버'],
        waiting: [],
      },
    ],
  };
}

function long(exchange: MockExchange): Partial<MockExchange> {
  const names = ['국제여객터미널 제2여객동 북측 옥외 흡연구역 관리 데스크 보조 단말', 'a'.repeat(200)];
  return {
    others: [
      ...exchange.others,
      ...names.map((name) =>
        terminal(name, 49 * HOUR_MS, {
          digest: 'notYet',
          pending: 1_204_331,
          behind: 98_112,
          held: 12_345_678,
          clockOffMs: 7_400_000,
        }),
      ),
    ],
    alarms: [{ kind: 'digestDiffers', terminalName: names[0] ?? null, difference: null }],
    pending: 128_440,
    quarantine: Array.from({ length: 57 }, (_, row) =>
      quarantined(row * 7, row % 2 ? 'tampered' : 'wrong_hash', { offset: 90_000_000 + row }),
    ),
  };
}
