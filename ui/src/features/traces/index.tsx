import { Button } from '@mantine/core';
import { RefreshCw } from 'lucide-react';
import { useCallback, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useTraces } from '../../shared/data/traces';
import { Timeline } from './Timeline';
import { TraceList } from './TraceList';
import classes from './Traces.module.css';

/** Finds a trace id in a pasted text: the id alone, or a whole `traceparent` header. */
const idIn = (text: string): string | null => /[0-9a-f]{32}/i.exec(text)?.[0].toLowerCase() ?? null;

/**
 * The traces screen (추적): the steps that single clicks and requests have caused, as far as this terminal recorded them.
 */
export function TracesScreen() {
  const { t } = useTranslation('traces');
  const [text, setText] = useState('');
  const [failed, setFailed] = useState(false);
  // A stack: following a link pushes a trace, going back pops it.
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
        <p className={classes.honest ?? ''}>{t('honest')}</p>
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
          // A pasted id is opened at once.
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
