import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { type AppError, type CustomerHit, type CustomerPage, useBackend } from '../../../backend';
import { keys } from '../../../shared/data/queries';
import { useNavigation } from '../../../shared/navigation';
import { cardTypedInHangul } from './keyboard';

const PAGE = 60;
/** Longer than an input method's brief value without the syllable it is about to write. */
const SETTLE_MS = 80;
/** Letters this close together, and this many, come from a scanner and not from a hand. */
const SCAN_GAP_MS = 40;
const SCAN_LENGTH = 5;
/** A scanner's Enter follows its last letter at once. */
const SCAN_END_MS = 120;

export interface Hits {
  text: string;
  setText(text: string): void;
  hits: CustomerHit[];
  isLoading: boolean;
  /** What is shown belongs to the text as it stands. */
  isSettled: boolean;
  byCard: boolean;
  hasMore: boolean;
  error: AppError | null;
  retry(): void;
  loadMore(): void;
  /** A text is typed that hasn't yet chosen anyone: who is in hand is not who was asked for. */
  isChoosing(): boolean;
  /** Takes one of those shown; what the text still finds takes nobody else. */
  choose(customerId: string): void;
  /** Moves the choice; the card follows. */
  move(step: 1 | -1): void;
  /** True when this Enter ended a scan or came before the search: it only chooses. */
  endOfScan(): boolean;
  clear(): void;
}

/** The desk's search: what is typed, whom it finds, and who of them is chosen. */
export function useHits(): Hits {
  const backend = useBackend();
  const { customerId, hold } = useNavigation();
  const [text, write] = useState('');
  const [settled, settle] = useState('');
  const typing = useRef({ at: 0, run: 0 });
  const followed = useRef('');
  const heldBefore = useRef<string | null>(null);

  const query = useInfiniteQuery({
    queryKey: keys.search(settled, PAGE),
    queryFn: async ({ pageParam }) => {
      const page = await backend.searchCustomers({ text: settled, limit: PAGE, cursor: pageParam });
      const scanned = page.hits.length === 0 ? cardTypedInHangul(settled) : null;
      return scanned === null ? page : backend.searchCustomers({ text: scanned, limit: PAGE });
    },
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last: CustomerPage) => last.next ?? undefined,
    placeholderData: keepPreviousData,
  });
  const { data, isPlaceholderData, hasNextPage, isFetchingNextPage, fetchNextPage, refetch } = query;
  const hits = useMemo(() => data?.pages.flatMap((page) => page.hits) ?? [], [data]);
  const isSettled = settled === text && !isPlaceholderData && data !== undefined;

  useEffect(() => {
    const timer = setTimeout(() => settle(text), text === '' ? 0 : SETTLE_MS);
    return () => clearTimeout(timer);
  }, [text]);

  // A new text chooses its first hit, unless a hand was faster; the same text found again keeps the choice.
  useEffect(() => {
    if (!isSettled || followed.current === text) return;
    followed.current = text;
    if (text !== '' && customerId === heldBefore.current) hold(hits[0]?.customer.customerId ?? null);
  }, [isSettled, text, hits, customerId, hold]);

  const setText = (next: string) => {
    const now = performance.now();
    const { at, run } = typing.current;
    typing.current = { at: now, run: now - at < SCAN_GAP_MS ? run + 1 : 1 };
    heldBefore.current = customerId;
    write(next);
  };

  const isChoosing = () =>
    text !== '' && followed.current !== text && customerId === heldBefore.current && query.error === null;

  const choose = (chosen: string) => {
    followed.current = text;
    hold(chosen);
  };

  const move = (step: 1 | -1) => {
    const index = hits.findIndex((hit) => hit.customer.customerId === customerId);
    const next = hits[index < 0 ? 0 : Math.min(Math.max(index + step, 0), hits.length - 1)];
    if (next) choose(next.customer.customerId);
  };

  const endOfScan = () => {
    const { at, run } = typing.current;
    const scanned = run >= SCAN_LENGTH && performance.now() - at < SCAN_END_MS;
    typing.current = { at: 0, run: 0 };
    if (!isSettled) settle(text);
    return scanned || !isSettled;
  };

  const clear = () => {
    write('');
    settle('');
    followed.current = '';
    hold(null);
  };

  const loadMore = useCallback(() => {
    if (hasNextPage && !isFetchingNextPage) void fetchNextPage();
  }, [hasNextPage, isFetchingNextPage, fetchNextPage]);

  return {
    text,
    setText,
    hits,
    isLoading: query.isLoading,
    isSettled,
    byCard: data?.pages[0]?.byCard ?? false,
    hasMore: hasNextPage,
    error: query.error,
    retry: () => void refetch(),
    loadMore,
    isChoosing,
    choose,
    move,
    endOfScan,
    clear,
  };
}
