import { Skeleton } from '@mantine/core';
import { useVirtualizer } from '@tanstack/react-virtual';
import { type ReactNode, type RefObject, useEffect, useLayoutEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { MypageEntry } from '../../backend';
import { Delayed } from '../../shared/parts';
import { useLanguage } from '../../shared/preferences';
import { useNow } from '../../shared/time';
import { EntryRow } from './EntryRow';
import classes from './EntryTable.module.css';
import { useEntryWords } from './entryWords';

const ROW_HEIGHT = 36;
const COLUMNS = [
  'date',
  'time',
  'kind',
  'content',
  'points',
  'balance',
  'penalty',
  'outstanding',
  'status',
] as const;
const NUMERIC: ReadonlySet<string> = new Set(['points', 'balance', 'penalty', 'outstanding']);

interface EntryTableProps {
  name: string;
  entries: MypageEntry[] | undefined;
  total: number;
  hasMore: boolean;
  isLoadingMore: boolean;
  onMore: () => void;
  onVoid: (entry: MypageEntry) => void;
  scrollRef: RefObject<HTMLDivElement | null>;
  /** Shown if there are no entries. */
  empty: ReactNode;
  /** Shown below the last entry. */
  end: ReactNode;
}

/** A virtualised table of the entries, newest first; scrolling fetches further pages. */
export function EntryTable(props: EntryTableProps) {
  const { name, entries, total, hasMore, isLoadingMore, onMore, onVoid, scrollRef, empty, end } = props;
  const { t } = useTranslation('mypage');
  const words = useEntryWords();
  const language = useLanguage();
  const now = useNow();
  const body = useRef<HTMLDivElement>(null);
  const [margin, setMargin] = useState(0);
  useLayoutEffect(() => {
    if (body.current) setMargin(body.current.offsetTop);
  });
  const count = entries?.length ?? 0;
  const rows = useVirtualizer({
    count,
    getScrollElement: () => scrollRef.current,
    estimateSize: () => ROW_HEIGHT,
    overscan: 12,
    scrollMargin: margin,
    initialRect: { width: 1200, height: 800 },
    getItemKey: (index) => entries?.[index]?.id ?? index,
  });
  const shown = rows.getVirtualItems();
  const lastShown = shown.at(-1)?.index ?? 0;
  useEffect(() => {
    if (hasMore && !isLoadingMore && lastShown >= count - 20) onMore();
  }, [hasMore, isLoadingMore, lastShown, count, onMore]);

  return (
    <div
      role="table"
      aria-label={t('table.caption', { name })}
      aria-rowcount={total + 1}
      className={classes.table}
    >
      {/* biome-ignore lint/a11y/useFocusableInteractive: a heading, not interactive */}
      <div role="row" className={classes.header}>
        {COLUMNS.map((column) => (
          // biome-ignore lint/a11y/useFocusableInteractive: a heading, not interactive
          <span key={column} role="columnheader" className={NUMERIC.has(column) ? classes.number : undefined}>
            {t(`table.${column}`)}
          </span>
        ))}
      </div>
      {entries === undefined ? (
        <Delayed>
          <div className={classes.skeletons} data-testid="loading">
            {Array.from({ length: 12 }, (_, row) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: identical placeholders
              <Skeleton key={row} height={14} my={11} />
            ))}
          </div>
        </Delayed>
      ) : (
        <div
          ref={body}
          role="rowgroup"
          className={classes.body}
          style={{ height: count === 0 ? undefined : rows.getTotalSize() }}
        >
          {shown.map((item) => {
            const entry = entries[item.index];
            return (
              entry && (
                <EntryRow
                  key={item.key}
                  entry={entry}
                  words={words(entry)}
                  index={item.index}
                  top={item.start - margin}
                  now={now}
                  language={language}
                  onVoid={onVoid}
                />
              )
            );
          })}
        </div>
      )}
      {entries !== undefined && (
        <div className={classes.foot}>
          {count === 0 ? empty : hasMore ? <p>{t('table.more')}</p> : <div>{end}</div>}
        </div>
      )}
    </div>
  );
}
