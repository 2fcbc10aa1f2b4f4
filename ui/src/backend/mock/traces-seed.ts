import type { SpanStep, TraceSpan, TraceView } from '../types';
import type { Scenario } from './scenario';
import type { MockTraces } from './traces';

const MINUTE_MS = 60_000;
const EARLIER = 130;
const FACTS_OF_AN_AREA = 66;

interface Extra {
  problem?: string;
  attributes?: Record<string, string>;
  links?: string[];
}
/** A span of a trace. `parent` is the index of another span in the list, or the id of a span that isn't stored here. */
type Line = [
  step: SpanStep,
  subject: string,
  parent: number | string | null,
  offsetMs: number,
  tookMs: number,
  extra?: Extra,
];

const hex = (value: number, digits: number) => value.toString(16).padStart(digits, '0');
/** Trace and span ids that look random but are the same each time. */
const traceIdOf = (n: number) => `4bf92f35${hex((n * 2_654_435_761) >>> 0, 8)}a3ce929d${hex(n, 8)}`;
const spanIdOf = (trace: number, n: number) =>
  hex(((trace * 40_503 + n) * 2_246_822_519) >>> 0, 8) + hex(n, 8);
const ELSEWHERE = '00f067aa0ba902b7';

function trace(n: number, beganAt: number, lines: Line[]): TraceView {
  const spans = lines.map(([step, subject, parent, offsetMs, tookMs, extra], place): TraceSpan => {
    const { problem = null, attributes = {}, links = [] } = extra ?? {};
    const parentId = typeof parent === 'number' ? spanIdOf(n, parent) : parent;
    const spanId = spanIdOf(n, place);
    return { spanId, parentId, step, subject, offsetMs, tookMs, problem, attributes, links };
  });
  const tookMs = Math.max(...spans.map((span) => span.offsetMs + span.tookMs));
  return { traceId: traceIdOf(n), beganAt, tookMs, spans, omitted: 0 };
}

/** The spans of a command, from the key press to the durable answer after `ms`. The decision has the index 3. */
function recorded(command: string, ms: number, extra: Extra = {}): Line[] {
  return [
    ['click', command, null, 0, ms, extra],
    ['command', command, 0, 0.412, ms - 1.1, extra],
    ['transaction', command, 1, 0.731, ms - 1.6, extra],
    ['decision', command, 2, 1.204, 0.386, extra],
  ];
}

/** The spans of a fact's replication: published to the cluster and read back. */
function exchanged(fact: string, parent: number, at: number, place: number): Line[] {
  return [
    ['publish', fact, parent, at, 6.214, { attributes: { 'nosmoke.facts': '1' } }],
    ['read_back', fact, place, at + 9.87, 3.902],
  ];
}

const REFUSED = { problem: 'insufficient_points' };
const FULL = { problem: 'disk_full' };

/** Recent traces, the newest first: for each its age in minutes and its spans. */
function lately(): [minutesAgo: number, lines: Line[]][] {
  const paid = recorded('pay', 18.93);
  const checkedOut = recorded('checkOut', 14.27);
  const area = recorded('checkOutArea', 96.4);
  const facts: Line[] = Array.from({ length: FACTS_OF_AN_AREA }, (_, n): Line[] => {
    const at = 98 + n * 2.1;
    const place = area.length + n * 3;
    return [
      ['earning', 'CheckedOut', 3, at, 1.482],
      ['publish', 'CheckedOut', 3, at + 0.9, 5.1],
      ['read_back', 'CheckedOut', place + 1, at + 11.3, 2.7],
    ];
  }).flat();
  return [
    [1, [...paid, ...exchanged('Paid', 3, 20.118, paid.length)]],
    [
      2,
      [
        ...checkedOut,
        ['earning', 'CheckedOut', 3, 15.804, 4.117],
        ...exchanged('CheckedOut', 3, 17.332, checkedOut.length + 1),
        ...exchanged('Earned', 4, 22.64, checkedOut.length + 3),
      ],
    ],
    // Another terminal requested points, received them, and paid with them.
    [
      4,
      [
        ['apply', 'PointsRequest', ELSEWHERE, 0, 3.218, { attributes: { 'nosmoke.terminal': '2' } }],
        ['giving', 'PointsRequest', '7a085853722dc6d2', 4.051, 5.44],
        ['publish', 'Given', 1, 10.27, 5.903],
        ['read_back', 'Given', 2, 19.16, 3.55],
        ['apply', 'Paid', 'b7ad6b7169203331', 44.902, 3.104, { attributes: { 'nosmoke.terminal': '2' } }],
      ],
    ],
    [6, recorded('pay', 7.642, REFUSED)],
    [9, recorded('checkIn', 5_004.2, FULL)],
    [
      12,
      [
        [
          'publish',
          'backlog',
          null,
          0,
          212.6,
          { attributes: { 'nosmoke.facts': '38' }, links: [traceIdOf(1), traceIdOf(2), traceIdOf(9_999)] },
        ],
      ],
    ],
    [
      14,
      [
        [
          'request',
          'POST /pays',
          '53995c3f42cd8ad8',
          0,
          9.71,
          { attributes: { 'http.response.status_code': '201' } },
        ],
        ['command', 'pay', 0, 0.31, 9.02],
        ['transaction', 'pay', 1, 0.66, 8.11],
        ['decision', 'pay', 2, 0.94, 0.29],
      ],
    ],
    [18, [...area, ...facts]],
    [
      23,
      [
        ['apply', 'CheckedIn', ELSEWHERE, 0, 0],
        ['apply', 'CheckedOut', ELSEWHERE, 0, 0],
      ],
    ],
  ];
}

export function seedTraces({ traces, seed }: Scenario): MockTraces {
  const now = Date.now();
  const recent = lately().map(([minutesAgo, lines], n) => trace(n + 1, now - minutesAgo * MINUTE_MS, lines));
  const earlier = Array.from({ length: EARLIER }, (_, n) => {
    const command = ['checkIn', 'checkOut', 'pay', 'checkIn', 'imposePenalty'][n % 5] as string;
    const lines = recorded(
      command,
      9 + ((n * 37) % 50) / 10,
      n % 17 === 3 ? { problem: 'already_inside' } : {},
    );
    return trace(n + 100, now - (30 + n * 4) * MINUTE_MS, lines);
  });
  const isNothing = traces === 'none' || seed === 'new' || seed === 'empty';
  return {
    kept: isNothing ? [] : [...recent, ...earlier],
    lost: 0,
    setting: { otlp: null, zipkin: null },
  };
}
