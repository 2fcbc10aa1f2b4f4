import { Skeleton } from '@mantine/core';
import { useVirtualizer } from '@tanstack/react-virtual';
import {
  type CSSProperties,
  type KeyboardEvent,
  type ReactNode,
  type RefObject,
  useEffect,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
} from 'react';
import { useTranslation } from 'react-i18next';
import type { CorrectionKind, MypageEntry } from '../../backend';
import { useContentSize } from '../../shared/contentSize';
import { formatNumber, formatSigned } from '../../shared/format';
import { Delayed } from '../../shared/parts';
import { useLanguage } from '../../shared/preferences';
import { useNow } from '../../shared/time';
import { EntryRow } from './EntryRow';
import classes from './EntryTable.module.css';
import { useEntryWords } from './entryWords';

/** The height of a row by its number of lines. */
const ROW_HEIGHTS = { 1: 36, 2: 56, 3: 80, 4: 102 } as const;
/** The width from which the rows have their full columns, beside those of the points and the balance. */
const FULL_WIDTH = 920;
/** The width from which the rows have one line with narrow columns. */
const ONE_LINE_WIDTH = 730;
const TWO_LINES_WIDTH = 380;
/** The width below which points and balance have a line of their own. */
const THREE_LINES_WIDTH = 232;
/** The width of a digit and of the unit in pixels. */
const DIGIT = 8;
const UNIT = 22;
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
  /** Chooses how an entry is corrected; null where nothing is corrected. */
  onCorrect: ((entry: MypageEntry, kind: CorrectionKind) => void) | null;
  scrollRef: RefObject<HTMLDivElement | null>;
  /** Shown if there are no entries. */
  empty: ReactNode;
  /** Shown below the last entry. */
  end: ReactNode;
}

/** Returns the widths of the columns of points and balances, by their longest numbers, and the lines of a row. */
function columnsFor(entries: readonly MypageEntry[], width: number) {
  const widest = (texts: string[], least: number) =>
    Math.max(least, ...texts.map((text) => text.length * DIGIT + UNIT));
  const points = widest(
    entries.map((entry) => formatSigned(entry.points ?? 0)),
    72,
  );
  const balance = widest(
    entries.map((entry) => formatNumber(entry.balance)),
    80,
  );
  const beside = width - points - balance;
  const least = [
    [1, ONE_LINE_WIDTH],
    [2, TWO_LINES_WIDTH],
    [3, THREE_LINES_WIDTH],
  ] as const;
  const [lines] = least.find(([, from]) => beside >= from) ?? [4 as const];
  return { points, balance, lines, isFull: beside >= FULL_WIDTH };
}

const rowAt = (body: HTMLElement | null, index: number) =>
  body?.querySelector<HTMLElement>(`[aria-rowindex="${index + 2}"]`);

/** The index of the row that an event came from, if it came from the row itself. */
function rowIndexOf(target: EventTarget): number | null {
  const row = target instanceof HTMLElement ? target.getAttribute('aria-rowindex') : null;
  return row === null ? null : Number(row) - 2;
}

/** A virtualised table of the entries, newest first; scrolling fetches further pages. */
export function EntryTable(props: EntryTableProps) {
  const { name, entries, total, hasMore, isLoadingMore, onMore, onCorrect, scrollRef, empty, end } = props;
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
  const table = useContentSize();
  const { points, balance, lines, isFull } = useMemo(
    () => columnsFor(entries ?? [], table.width || Number.POSITIVE_INFINITY),
    [entries, table.width],
  );
  const rowHeight = ROW_HEIGHTS[lines];
  const rows = useVirtualizer({
    count,
    getScrollElement: () => scrollRef.current,
    estimateSize: () => rowHeight,
    overscan: 12,
    scrollMargin: margin,
    initialRect: { width: 1200, height: 800 },
    getItemKey: (index) => entries?.[index]?.id ?? index,
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: another height is the reason to measure.
  useEffect(() => rows.measure(), [rows, rowHeight]);
  const shown = rows.getVirtualItems();
  /** The row that Tab reaches. */
  const [active, setActive] = useState(0);
  const [opened, setOpened] = useState<string | null>(null);
  /** A row may have to be scrolled to before it is there. */
  const focus = (index: number) => {
    setActive(index);
    rows.scrollToIndex(index);
    requestAnimationFrame(() => rowAt(body.current, index)?.focus());
  };
  const move = (event: KeyboardEvent) => {
    const from = rowIndexOf(event.target);
    if (from === null) return;
    const to = { ArrowDown: from + 1, ArrowUp: from - 1, Home: 0, End: count - 1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    focus(Math.max(0, Math.min(to, count - 1)));
  };
  const close = (index: number) => {
    setOpened(null);
    rowAt(body.current, index)?.focus();
  };
  const lastShown = shown.at(-1)?.index ?? 0;
  useEffect(() => {
    if (hasMore && !isLoadingMore && lastShown >= count - 20) onMore();
  }, [hasMore, isLoadingMore, lastShown, count, onMore]);

  return (
    <div
      ref={table.ref}
      role="table"
      aria-label={t('table.caption', { name })}
      aria-rowcount={total + 1}
      className={classes.table}
      data-lines={isFull ? undefined : lines}
      style={{ '--points': `${points}px`, '--balance': `${balance}px` } as CSSProperties}
    >
      {/* biome-ignore lint/a11y/useFocusableInteractive: a heading, not interactive */}
      <div role="row" className={classes.header}>
        {COLUMNS.map((column) => (
          // biome-ignore lint/a11y/useFocusableInteractive: a heading, not interactive
          <span
            key={column}
            role="columnheader"
            className={`${NUMERIC.has(column) ? classes.number : ''} ${classes[column]}`}
          >
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
          onKeyDown={move}
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
                  isTabStop={item.index === Math.min(active, count - 1)}
                  isOpen={opened === entry.id}
                  onOpen={() => {
                    setActive(item.index);
                    setOpened(entry.id);
                  }}
                  onClose={() => close(item.index)}
                  onCorrect={
                    onCorrect &&
                    ((of, kind) => {
                      close(item.index);
                      onCorrect(of, kind);
                    })
                  }
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
