import { SegmentedControl, Skeleton } from '@mantine/core';
import { useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ContextState, ContextView, ServicesView } from '../../backend';
import { useServices } from '../../shared/data/services';
import { formatNumber } from '../../shared/format';
import { Delayed, ErrorNotice, Tag } from '../../shared/parts';
import { Graph } from './graph/Graph';
import { MORE } from './graph/layout';
import {
  CALLERS,
  initialNode,
  isNotSetUp,
  JOURNAL,
  KAFKA,
  MYPAGE_DB,
  SPAN_MS,
  SPANS,
  type Span,
  serviceMap,
} from './graph/map';
import { Legend } from './Legend';
import { ServicePane } from './pane/ServicePane';
import classes from './Services.module.css';
import { iconOf, TONES, tagTone } from './words';

/** The services screen (서비스): shows the contexts and the traffic between them, and stops and starts contexts. */
export function ServicesScreen() {
  const { data, error, refetch } = useServices();
  const { t } = useTranslation('services');
  return (
    <div className={classes.screen} data-testid="services-screen">
      {data && <ServicesContent view={data} notice={error && <ErrorNotice error={error} />} />}
      {!data && (
        <div className={classes.main}>
          <header className={classes.head}>
            <h1 className={classes.title}>{t('title')}</h1>
          </header>
          {error ? (
            <div className={classes.failed}>
              <ErrorNotice error={error} onRetry={() => void refetch()} />
            </div>
          ) : (
            <LoadingSkeleton />
          )}
        </div>
      )}
    </div>
  );
}

interface ServicesContentProps {
  view: ServicesView;
  notice: React.ReactNode;
}

function ServicesContent({ view, notice }: ServicesContentProps) {
  const { t } = useTranslation('services');
  const { contexts, asOf, measuredSince } = view;
  const screen = useRef<HTMLElement>(null);
  const [span, setSpan] = useState<Span>('recent');
  // The first node is determined when the screen opens; afterwards the user chooses one.
  const [wanted, setWanted] = useState(() => initialNode(contexts));
  const map = useMemo(() => serviceMap(view, span), [view, span]);
  const places = [CALLERS, JOURNAL, MYPAGE_DB, KAFKA, MORE, ...map.contexts.keys()];
  const exists = places.includes(wanted) || map.terminals.some(({ id }) => id === wanted);
  const chosen = exists ? wanted : 'point';
  const isQuiet = map.measured.every(({ measure }) => measure.count === 0);
  const focusGraph = () => {
    const nodes = screen.current?.querySelectorAll<HTMLElement>('[data-node]') ?? [];
    [...nodes].find(({ dataset }) => dataset.node === chosen)?.focus();
  };
  return (
    <>
      <section className={classes.main} ref={screen}>
        <header className={classes.head}>
          <h1 className={classes.title}>{t('title')}</h1>
          <Counts contexts={contexts.filter(({ name }) => !isNotSetUp(map, name))} />
          {isQuiet && (
            <p className={`one-line ${classes.quiet}`} data-testid="services-quiet">
              {t(`quiet.${span}`)}
            </p>
          )}
          <SegmentedControl
            className={classes.span ?? ''}
            size="sm"
            value={span}
            onChange={(value) => setSpan(value as Span)}
            aria-label={t('span.label')}
            data={SPANS.map((value) => ({ value, label: t(`span.${value}`) }))}
            data-testid="services-span"
          />
        </header>
        {notice && <div className={classes.notice}>{notice}</div>}
        <Graph map={map} chosen={chosen} asOf={asOf} onChoose={setWanted} />
        <Legend since={asOf - measuredSince < SPAN_MS[span] ? measuredSince : null} asOf={asOf} />
      </section>
      <ServicePane map={map} chosen={chosen} asOf={asOf} onChoose={setWanted} onLeave={focusGraph} />
    </>
  );
}

/** The number of contexts in each state. A state other than running is shown only if a context is in it. */
function Counts({ contexts }: { contexts: ContextView[] }) {
  const { t } = useTranslation('services');
  const states: ContextState[] = ['running', 'catching_up', 'stopped', 'failing'];
  return (
    <ul className={classes.counts}>
      {states.map((state) => {
        const count = contexts.filter((context) => context.state === state).length;
        if (count === 0 && state !== 'running') return null;
        const Icon = iconOf(state);
        return (
          <li key={state} data-testid={`services-${state}`}>
            <Tag tone={tagTone(TONES[state])}>
              <Icon size={14} strokeWidth={1.75} aria-hidden />
              {t(`count.${state}`, { value: formatNumber(count) })}
            </Tag>
          </li>
        );
      })}
    </ul>
  );
}

function LoadingSkeleton() {
  return (
    <Delayed>
      <div className={classes.waiting} data-testid="services-loading">
        {[1, 2, 3, 4, 5].map((row) => (
          <Skeleton key={row} height={64} width="70%" mb={40} radius={8} />
        ))}
      </div>
    </Delayed>
  );
}
