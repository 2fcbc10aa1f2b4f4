import { Button, SegmentedControl, Skeleton, TextInput } from '@mantine/core';
import { clamp } from '@mantine/hooks';
import { Search } from 'lucide-react';
import { type KeyboardEvent, useCallback, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { TraceRow } from '../../backend';
import type { useTraces } from '../../shared/data/traces';
import { formatNumber } from '../../shared/format';
import { isComposing } from '../../shared/inputMethod';
import { Delayed, EmptyState, ErrorNotice, KeyHint, VirtualRows } from '../../shared/parts';
import { TraceRowView } from './TraceRowView';
import classes from './Traces.module.css';

const ROW_HEIGHT = 60;
const ID_DIGITS = 32;

interface Props {
  list: ReturnType<typeof useTraces>;
  rows: readonly TraceRow[];
  text: string;
  onText: (text: string) => void;
  failed: boolean;
  onFailed: (failed: boolean) => void;
  opened: string | null;
  onOpen: (traceId: string) => void;
}

/** Traces, newest first. Arrow keys move through them while the focus stays in the search field; Enter opens one. */
export function TraceList({ list, rows, text, onText, failed, onFailed, opened, onOpen }: Props) {
  const { t } = useTranslation('traces');
  // The cursor is an id instead of an index, because a refresh inserts newer traces at the top.
  const [cursor, setCursor] = useState<string | null>(null);
  const found = rows.findIndex(({ traceId }) => traceId === (cursor ?? opened));
  const at = found < 0 ? rows.findIndex(({ traceId }) => traceId === opened) : found;
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = list;
  const onEnd = useCallback(() => {
    if (hasNextPage && !isFetchingNextPage) void fetchNextPage();
  }, [hasNextPage, isFetchingNextPage, fetchNextPage]);

  const move = (to: number) => setCursor(rows[clamp(to, 0, rows.length - 1)]?.traceId ?? null);
  const onKeyDown = (event: KeyboardEvent) => {
    if (isComposing(event)) return;
    const moves: Record<string, number> = {
      ArrowDown: at + 1,
      ArrowUp: at - 1,
      PageDown: at + 10,
      PageUp: at - 10,
    };
    const to = moves[event.key];
    const here = rows[at];
    if (to !== undefined) move(to);
    else if (event.key === 'Escape' && text !== '') onText('');
    else if (event.key === 'Enter' && here) onOpen(here.traceId);
    else return;
    event.preventDefault();
  };
  return (
    <section className={classes.list} aria-label={t('list.label')}>
      <div className={classes.tools}>
        <TextInput
          autoFocus
          leftSection={<Search size={16} strokeWidth={1.75} />}
          aria-label={t('find.label')}
          placeholder={t('find.placeholder')}
          autoComplete="off"
          spellCheck={false}
          maxLength={200}
          value={text}
          data-testid="traces-find"
          onChange={(event) => onText(event.currentTarget.value)}
          onKeyDown={onKeyDown}
        />
        <div className={classes.filter}>
          <SegmentedControl
            aria-label={t('filter.label')}
            value={failed ? 'failed' : 'all'}
            onChange={(value) => onFailed(value === 'failed')}
            data={(['all', 'failed'] as const).map((value) => ({
              value,
              label: <span data-testid={`traces-${value}`}>{t(`filter.${value}`)}</span>,
            }))}
          />
          <span className={classes.keys}>
            <KeyHint keys={['↑', '↓']}>{t('list.move')}</KeyHint>
            <KeyHint keys={['Enter']}>{t('list.open')}</KeyHint>
          </span>
        </div>
      </div>
      <Rows
        list={list}
        rows={rows}
        text={text}
        failed={failed}
        onAll={() => {
          onText('');
          onFailed(false);
        }}
      >
        <VirtualRows
          className={classes.rows}
          label={t('list.label')}
          rows={rows}
          keyOf={({ traceId }) => traceId}
          heightOf={() => ROW_HEIGHT}
          activeIndex={at}
          onEnd={onEnd}
          render={(row, index) => (
            <TraceRowView
              row={row}
              isAt={index === at}
              isOpened={row.traceId === opened}
              onOpen={() => {
                setCursor(row.traceId);
                onOpen(row.traceId);
              }}
            />
          )}
        />
      </Rows>
      <Foot list={list} count={rows.length} onMore={onEnd} />
    </section>
  );
}

interface RowsProps extends Pick<Props, 'list' | 'rows' | 'text' | 'failed'> {
  onAll: () => void;
  children: React.ReactNode;
}

/** Shows the rows, or a text that says why there are none. */
function Rows({ list: { data, error, refetch }, rows, text, failed, onAll, children }: RowsProps) {
  const { t } = useTranslation('traces');
  if (error) {
    return (
      <>
        <div className={classes.notice}>
          <ErrorNotice error={error} onRetry={() => void refetch()} />
        </div>
        {data && children}
      </>
    );
  }
  if (!data) {
    return (
      <Delayed>
        <div data-testid="traces-loading">
          {[1, 2, 3, 4, 5, 6].map((row) => (
            <div key={row} className={classes.skeleton}>
              <Skeleton height={16} width="50%" />
              <Skeleton height={12} width="70%" mt={8} />
            </div>
          ))}
        </div>
      </Delayed>
    );
  }
  if (text.trim() !== '' && !/[0-9a-f]{32}/i.test(text)) {
    return <EmptyState>{t('find.digits', { value: ID_DIGITS })}</EmptyState>;
  }
  if (rows.length > 0) return children;
  const why = text.trim() !== '' ? 'notHere' : failed ? 'noneFailed' : 'none';
  return (
    <EmptyState
      action={
        why !== 'none' && (
          <Button variant="default" data-testid="traces-show-all" onClick={onAll}>
            {t('empty.all')}
          </Button>
        )
      }
    >
      {t(`empty.${why}`)}
    </EmptyState>
  );
}

interface FootProps extends Pick<Props, 'list'> {
  count: number;
  onMore: () => void;
}

function Foot({ list: { data, hasNextPage, isFetchingNextPage }, count, onMore }: FootProps) {
  const { t } = useTranslation('traces');
  const lost = data?.pages.at(-1)?.lost ?? 0;
  if (!data || (count === 0 && lost === 0)) return null;
  return (
    <div className={classes.foot}>
      <p role="status">
        <span data-testid="traces-count">{t('list.count', { count, value: formatNumber(count) })}</span>
        {lost > 0 && (
          <span className={classes.lost} data-testid="traces-lost">
            {' · '}
            {t('list.lost', { value: formatNumber(lost) })}
          </span>
        )}
      </p>
      {hasNextPage && (
        <Button
          size="compact-xs"
          variant="default"
          loading={isFetchingNextPage}
          data-testid="traces-more"
          onClick={onMore}
        >
          {t('list.more')}
        </Button>
      )}
    </div>
  );
}
