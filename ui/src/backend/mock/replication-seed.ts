import type { QuarantineRow } from '../types';
import { type MockReplication, type MockTerminal, noConnection, quietReplication } from './replication';
import type { Scenario } from './scenario';
import { newId } from './world';

const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;

function terminal(
  name: string | null,
  heardAgo: number | null,
  more: Partial<MockTerminal> = {},
): MockTerminal {
  const terminalId = newId();
  return {
    terminalId,
    name,
    retired: false,
    lastHeardAt: heardAgo === null ? null : Date.now() - heardAgo,
    pending: 0,
    behind: 0,
    digest: 'same',
    clockOffMs: null,
    version: '0.1.0',
    incarnations: [{ incarnation: newId(), seq: 5_120, forked: false }],
    holds: 3_200,
    holdsEarlier: 0,
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
  detail: 'invalid JSON at line 1 column 214: Syntax',
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
    detail: 'the value has 1468006 bytes, more than 65536',
    raw: '{"a":'.repeat(700),
  }),
  quarantined(26 * 60, 'malformed', { topic: 'nosmoke.profiles.v1', partition: 9, offset: 6_540 }),
];

/** Returns the state of replication with which a scenario begins. */
export function seedReplication({ sync, replication: kind, services, retired }: Scenario): MockReplication {
  const now = Date.now();
  const replication = quietReplication();
  if (sync === 'alone') return replication;
  const isOffline = sync === 'offline';
  replication.retiredHere = retired;
  replication.since = isOffline ? now - 95 * MINUTE_MS : now;
  replication.connection = {
    ...noConnection,
    servers: 'kafka-1.hanbit.internal:9093,kafka-2.hanbit.internal:9093',
    transport: 'tls',
    caFile: '/etc/nosmoke/hanbit-ca.pem',
    user: 'desk-1',
    passwordKept: true,
  };
  replication.password = 'kept';
  const silence = isOffline ? 95 * MINUTE_MS : 0;
  replication.others = [
    terminal('단말 2 · 서문 입구', silence + 2 * SECOND_MS, { digest: isOffline ? 'notYet' : 'same' }),
    terminal('단말 3 · 옥상 정원', silence + 4 * SECOND_MS, { digest: isOffline ? 'notYet' : 'same' }),
    terminal('관리실 서버', silence + 3 * SECOND_MS, { digest: isOffline ? 'notYet' : 'same' }),
  ];
  replication.hubId = replication.others[2]?.terminalId ?? null;
  if (isOffline) replication.outage = { from: replication.since, to: null };
  if (isOffline) {
    replication.lastError = {
      at: replication.since,
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
    replication.others = [
      long,
      ...replication.others.slice(1),
      ...more,
      { ...long, terminalId: newId(), name: null },
    ];
  }
  if (kind === 'calm') return replication;
  replication.outage = { from: now - 111 * MINUTE_MS, to: isOffline ? null : now - MINUTE_MS };
  replication.lastError = {
    at: now - 111 * MINUTE_MS,
    error: { code: 'log_unreachable', params: { detail: 'kafka-1.hanbit.internal:9093: timed out' } },
  };
  replication.quarantine = QUARANTINE();
  if (kind === 'sending') replication.pending = 14;
  if (kind === 'reading') replication.reading = true;
  if (kind === 'trouble') Object.assign(replication, trouble(replication, now));
  if (kind === 'long') Object.assign(replication, long(replication));
  return replication;
}

function trouble(replication: MockReplication, now: number): Partial<MockReplication> {
  const [second, third, hub] = replication.others;
  return {
    others: [
      ...(second ? [second] : []),
      ...(third
        ? [{ ...third, digest: 'different' as const, behind: 3, clockOffMs: 187_000, holdsEarlier: 90 }]
        : []),
      terminal('단말 4 · 관리실', 192 * MINUTE_MS, {
        digest: 'notYet',
        pending: null,
        behind: null,
        holds: 1_240,
        version: '0.0.9',
      }),
      terminal(null, null, { digest: 'notYet', pending: null, behind: null, holds: null, version: null }),
      ...(hub ? [hub] : []),
    ],
    alarms: [
      { kind: 'newIncarnation', at: now - 5 * HOUR_MS },
      { kind: 'digestDiffers', terminalName: '단말 3 · 옥상 정원', difference: null },
      { kind: 'forked', terminalName: '단말 4 · 관리실', incarnation: newId() },
      { kind: 'newLog', at: now - 30 * HOUR_MS },
      { kind: 'takenOver', terminalName: '단말 2 · 서문 입구', at: now - 15 * MINUTE_MS },
      { kind: 'needsUpdate', facts: 3 },
    ],
    difference: { isCustomer: true, alteredHere: false, alteredThere: false },
    clockOffMs: -264_000,
    strangers: {
      messages: 1_204,
      keys: [
        { keyId: '9f1c02aa5be37d10', messages: 1_200, firstAt: now - 70 * HOUR_MS, lastAt: now - MINUTE_MS },
        { keyId: null, messages: 4, firstAt: now - 30 * HOUR_MS, lastAt: now - 29 * HOUR_MS },
      ],
      republished: 2,
    },
    formerlyHeld: 340,
    pendingDocuments: 2,
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

function long(replication: MockReplication): Partial<MockReplication> {
  const names = ['국제여객터미널 제2여객동 북측 옥외 흡연구역 관리 데스크 보조 단말', 'a'.repeat(200)];
  return {
    others: [
      ...replication.others,
      ...names.map((name) =>
        terminal(name, 49 * HOUR_MS, {
          digest: 'notYet',
          pending: 1_204_331,
          behind: 98_112,
          holds: 12_345_678,
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
