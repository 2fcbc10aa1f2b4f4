import { Button, Skeleton } from '@mantine/core';
import { clamp, useClipboard } from '@mantine/hooks';
import { ArrowLeft, Check, CircleAlert, Copy } from 'lucide-react';
import { type KeyboardEvent, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { AppError, TraceView } from '../../backend';
import { useTrace } from '../../shared/data/traces';
import { useErrorWords } from '../../shared/errors';
import { formatNumber } from '../../shared/format';
import { Delayed, EmptyState, ErrorNotice, VirtualRows } from '../../shared/parts';
import { formatExactly } from '../../shared/time';
import { Legend } from './Legend';
import { SpanDetail } from './SpanDetail';
import { SpanRow } from './SpanRow';
import { ticksOf } from './spanDuration';
import classes from './Timeline.module.css';
import { linesOf } from './tree';
import { useTraceWords } from './words';

const ROW_HEIGHT = 36;
/** A tick beyond this share of the width has no room for a label on its right. */
const LAST_LABEL_AT = 0.9;
/** The height of rows with a second line of text. */
const TALL_ROW_HEIGHT = 54;

interface Props {
  traceId: string | null;
  /** Opens a linked trace. */
  onFollow: (traceId: string) => void;
  onBack: (() => void) | null;
}

/** The spans of one trace that this terminal recorded, as a tree with a time axis. */
export function Timeline({ traceId, onFollow, onBack }: Props) {
  const { t } = useTranslation('traces');
  const { data, error, refetch } = useTrace(traceId);
  return (
    <section
      className={classes.pane}
      aria-label={t('timeline.label')}
      data-testid="timeline"
      data-of={traceId}
    >
      {onBack && (
        <div className={classes.back}>
          <Button
            size="xs"
            variant="default"
            leftSection={<ArrowLeft size={14} strokeWidth={1.75} />}
            data-testid="trace-back"
            onClick={onBack}
          >
            {t('timeline.back')}
          </Button>
        </div>
      )}
      {traceId === null && <EmptyState>{t('timeline.choose')}</EmptyState>}
      {error?.code === 'unknown_trace' && <NotHere error={error} />}
      {error && error.code !== 'unknown_trace' && (
        <div className={classes.notice}>
          <ErrorNotice error={error} onRetry={() => void refetch()} />
        </div>
      )}
      {traceId !== null && !data && !error && (
        <Delayed>
          <div className={classes.notice} data-testid="timeline-loading">
            <Skeleton height={24} width={240} mb={24} />
            {[90, 80, 70, 20, 40, 30].map((width) => (
              <Skeleton key={width} height={16} width={`${width}%`} my={20} />
            ))}
          </div>
        </Delayed>
      )}
      {data && <TraceContent trace={data} onFollow={onFollow} />}
    </section>
  );
}

/** Shown if a linked trace was deleted, or if this terminal never recorded it. This isn't an error. */
function NotHere({ error }: { error: AppError }) {
  const { title, advice } = useErrorWords()(error);
  return (
    <EmptyState>
      <b data-testid="trace-not-here">{title}</b>
      <br />
      {advice}
    </EmptyState>
  );
}

function TraceContent({ trace, onFollow }: { trace: TraceView; onFollow: (traceId: string) => void }) {
  const { t } = useTranslation('traces');
  const words = useTraceWords();
  const lines = useMemo(() => linesOf(trace.spans), [trace]);
  const ticks = useMemo(() => ticksOf(trace.tookMs), [trace]);
  const [at, setAt] = useState(0);
  const [chosen, setChosen] = useState<string | null>(null);
  const rows = useRef<HTMLDivElement>(null);
  const line = lines.find(({ span }) => span.spanId === chosen);
  const onKeyDown = (event: KeyboardEvent) => {
    const steps: Record<string, number> = { ArrowDown: 1, ArrowUp: -1 };
    const step = steps[event.key];
    if (event.key === 'Escape' && chosen !== null) setChosen(null);
    else if (step !== undefined) {
      const to = clamp(at + step, 0, lines.length - 1);
      setAt(to);
      rows.current?.querySelector<HTMLElement>(`[data-index="${to}"]`)?.focus();
    } else return;
    event.preventDefault();
  };
  return (
    <>
      <TraceHeader trace={trace} />
      <div className={classes.axis} aria-hidden>
        <span>{t('timeline.span')}</span>
        <span className={classes.axisTook}>{t('timeline.took')}</span>
        <div className={classes.ticks}>
          {ticks.map(({ at: place, took }) => (
            <span
              key={place}
              style={{ left: `${place * 100}%` }}
              data-end={place > LAST_LABEL_AT || undefined}
            >
              {words.took(took)}
            </span>
          ))}
        </div>
      </div>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: the handler only handles arrow keys in its rows. */}
      <div ref={rows} className={classes.rows} onKeyDown={onKeyDown}>
        <VirtualRows
          className={classes.scroll}
          label={t('timeline.label')}
          rows={lines}
          keyOf={({ span }) => span.spanId}
          heightOf={({ span, isCutOff }) =>
            span.problem !== null || isCutOff ? TALL_ROW_HEIGHT : ROW_HEIGHT
          }
          activeIndex={at}
          render={(each, index) => (
            <SpanRow
              line={each}
              index={index}
              totalMs={trace.tookMs}
              ticks={ticks}
              isAt={index === at}
              isChosen={each.span.spanId === chosen}
              onChoose={() => {
                setAt(index);
                setChosen(each.span.spanId === chosen ? null : each.span.spanId);
              }}
            />
          )}
        />
      </div>
      {line && <SpanDetail key={chosen} line={line} onFollow={onFollow} onClose={() => setChosen(null)} />}
      <Legend />
    </>
  );
}

/** The trace's first span, start, duration, and its id to copy. */
function TraceHeader({ trace: { traceId, beganAt, tookMs, spans, omitted } }: { trace: TraceView }) {
  const { t } = useTranslation('traces');
  const words = useTraceWords();
  const clipboard = useClipboard({ timeout: 2_000 });
  const first = spans[0];
  const problems = spans.filter(({ problem }) => problem !== null).length;
  if (!first) return null;
  const name = words.subjectOf(first.subject);
  return (
    <header className={classes.head}>
      <div className={classes.headLine}>
        <h2 className="one-line" title={name}>
          {name}
        </h2>
        <span className={classes.step}>{words.stepOf(first.step)}</span>
        {problems > 0 && (
          <span className={classes.failed} data-testid="trace-failed">
            <CircleAlert size={14} strokeWidth={1.75} aria-hidden />
            {t('timeline.problems', { value: formatNumber(problems) })}
          </span>
        )}
        <Button
          className={classes.copy ?? ''}
          size="xs"
          variant="default"
          leftSection={
            clipboard.copied ? <Check size={14} strokeWidth={1.75} /> : <Copy size={14} strokeWidth={1.75} />
          }
          data-testid="trace-copy"
          onClick={() => clipboard.copy(traceId)}
        >
          {t(clipboard.copied ? 'timeline.copied' : 'timeline.copy')}
        </Button>
      </div>
      <dl className={classes.facts}>
        <Fact name={t('timeline.began')}>{formatExactly(beganAt)}</Fact>
        <Fact name={t('timeline.took')}>{words.ms(tookMs)}</Fact>
        <Fact name={t('timeline.spans')}>
          {formatNumber(spans.length)}
          {omitted > 0 && ` · ${t('timeline.omitted', { value: formatNumber(omitted) })}`}
        </Fact>
        <Fact name={t('timeline.id')}>
          <span data-selectable>{traceId}</span>
        </Fact>
      </dl>
    </header>
  );
}

function Fact({ name, children }: { name: string; children: React.ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}
