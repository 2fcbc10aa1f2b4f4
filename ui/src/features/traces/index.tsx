import { Button } from '@mantine/core';
import { RefreshCw } from 'lucide-react';
import { useCallback, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useTraces } from '../../shared/data/traces';
import { ServiceTabs } from '../../shared/ServiceTabs';
import { Timeline } from './Timeline';
import { TraceList } from './TraceList';
import classes from './Traces.module.css';

/** The id in what was pasted: the digits alone, or a whole traceparent. */
const idIn = (text: string): string | null => /[0-9a-f]{32}/i.exec(text)?.[0].toLowerCase() ?? null;

/** 추적: what a click brought about, from the key to the other terminals, as far as it was recorded here. */
export function TracesScreen() {
  const { t } = useTranslation('traces');
  const [text, setText] = useState('');
  const [failed, setFailed] = useState(false);
  // Those that were gone through by links are under the last one.
  const [opened, setOpened] = useState<readonly string[]>([]);
  const traceId = idIn(text);
  const list = useTraces({ failed, traceId });
  const { data, refetch, isFetching } = list;
  const rows = useMemo(() => data?.pages.flatMap(({ traces }) => traces) ?? [], [data]);
  const shown = opened.at(-1) ?? rows[0]?.traceId ?? null;
  const open = useCallback((id: string) => setOpened([id]), []);
  return (
    <div className={classes.screen} data-testid="traces-screen">
      <header className={classes.head}>
        <h1 className={classes.title}>{t('title')}</h1>
        <ServiceTabs />
        <p className={`one-line ${classes.honest}`}>{t('honest')}</p>
        <Button
          className={classes.refresh ?? ''}
          variant="default"
          loading={isFetching && data !== undefined}
          leftSection={<RefreshCw size={16} strokeWidth={1.75} />}
          data-testid="traces-refresh"
          onClick={() => void refetch()}
        >
          {t('refresh')}
        </Button>
      </header>
      <TraceList
        list={list}
        rows={rows}
        text={text}
        onText={(now) => {
          setText(now);
          const id = idIn(now);
          // Whoever pastes an id wants to see that one.
          if (id !== null) setOpened([id]);
        }}
        failed={failed}
        onFailed={(now) => {
          setFailed(now);
          setOpened([]);
        }}
        opened={shown}
        onOpen={open}
      />
      <Timeline
        key={shown}
        traceId={shown}
        onFollow={(id) => setOpened((now) => [...(now.length > 0 || shown === null ? now : [shown]), id])}
        onBack={opened.length > 1 ? () => setOpened((now) => now.slice(0, -1)) : null}
      />
    </div>
  );
}
