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

/** What is kept of traces, and where spans go besides. */
export interface MockTraces {
  /** The newest first. */
  kept: TraceView[];
  lost: number;
  setting: TracingSetting;
}

const isId = (text: string) => /^[0-9a-f]{32}$/i.test(text);

function row({ traceId, beganAt, tookMs, spans }: TraceView): TraceRow {
  const { step, subject } = spans[0] as TraceSpan;
  const failed = spans.some(({ problem }) => problem !== null);
  return { traceId, step, subject, beganAt, tookMs, spans: spans.length, failed };
}

export function tracesView({ scenario, traces }: World, input: TracesInput): TracePage {
  if (scenario.traces === 'broken') throw refuse('storage_failed', { detail: 'spans.db: disk I/O error' });
  const { kept, lost } = traces;
  if (input.traceId !== null) {
    if (!isId(input.traceId)) throw refuse('invalid_input', { detail: 'traceId' });
    const id = input.traceId.toLowerCase();
    return { traces: kept.filter(({ traceId }) => traceId === id).map(row), cursor: null, lost };
  }
  const rows = kept.map(row).filter(({ failed }) => failed || !input.failed);
  const after = input.cursor?.slice(CURSOR.length);
  const from = after === undefined ? 0 : rows.findIndex(({ traceId }) => traceId === after) + 1;
  const page = rows.slice(from, from + input.limit);
  const isMore = rows.length > from + page.length;
  return { traces: page, cursor: isMore ? `${CURSOR}${page.at(-1)?.traceId}` : null, lost };
}

export function traceView({ scenario, traces }: World, traceId: string): TraceView {
  if (scenario.traces === 'broken') throw refuse('storage_failed', { detail: 'spans.db: disk I/O error' });
  const found = traces.kept.find((trace) => trace.traceId === traceId.toLowerCase());
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
    if (url !== null && !/^https?:\/\/[^\s/@]+(\/\S*)?$/.test(url)) throw refuse('invalid_url', { field });
  }
  world.traces.setting = input;
  return tracingView(world);
}
