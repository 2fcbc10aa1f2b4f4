import type {
  TracePage,
  TraceRow,
  TraceSpan,
  TracesInput,
  TraceView,
  TracingSetting,
  TracingView,
} from '../types';
import { refuse, type World } from './world';

const CURSOR = 'traces.';

/** The stored traces, and the setting that sends spans to other programs. */
export interface MockTraces {
  /** The stored traces, the newest first. */
  kept: TraceView[];
  lost: number;
  setting: TracingSetting;
}

function checkId(id: string): string {
  if (!/^[0-9a-f]{32}$/i.test(id))
    throw refuse('invalid_input', { detail: 'traceId must be 32 hexadecimal digits' });
  return id.toLowerCase();
}

function row({ traceId, beganAt, tookMs, spans }: TraceView): TraceRow {
  const { step, subject } = spans[0] as TraceSpan;
  const failed = spans.some(({ problem }) => problem !== null);
  return { traceId, step, subject, beganAt, tookMs, spans: spans.length, failed };
}

export function tracesView({ scenario, traces }: World, input: TracesInput): TracePage {
  if (scenario.traces === 'broken') throw refuse('storage_failed', { detail: 'spans.db: disk I/O error' });
  const { kept, lost } = traces;
  if (input.traceId !== null) {
    const id = checkId(input.traceId);
    return { traces: kept.filter(({ traceId }) => traceId === id).map(row), cursor: null, lost };
  }
  if (input.cursor && !input.cursor.startsWith(CURSOR))
    throw refuse('invalid_input', { detail: "the cursor isn't one of this list" });
  const rows = kept.map(row).filter(({ failed }) => failed || !input.failed);
  const after = input.cursor?.slice(CURSOR.length);
  const from = after === undefined ? 0 : rows.findIndex(({ traceId }) => traceId === after) + 1;
  const page = rows.slice(from, from + input.limit);
  const isMore = rows.length > from + page.length;
  return { traces: page, cursor: isMore ? `${CURSOR}${page.at(-1)?.traceId}` : null, lost };
}

export function traceView({ scenario, traces }: World, traceId: string): TraceView {
  if (scenario.traces === 'broken') throw refuse('storage_failed', { detail: 'spans.db: disk I/O error' });
  const id = checkId(traceId);
  const found = traces.kept.find((trace) => trace.traceId === id);
  if (!found) throw refuse('unknown_trace');
  return found;
}

export function tracingView({ traces: { setting } }: World): TracingView {
  return {
    setting,
    otlp: setting.otlp === null ? null : { sent: 4_182, lost: 0, problem: null },
    zipkin: setting.zipkin === null ? null : { sent: 0, lost: 96, problem: 'connection refused' },
  };
}

export function saveTracing(world: World, input: TracingSetting): TracingView {
  for (const field of ['otlp', 'zipkin'] as const) {
    const url = input[field];
    if (url !== null && !/^https?:\/\/[^\s/@]+(\/\S*)?$/.test(url)) {
      throw refuse('invalid_url', { field, detail: "it doesn't begin with http:// or https:// and a host" });
    }
  }
  world.traces.setting = input;
  return tracingView(world);
}
