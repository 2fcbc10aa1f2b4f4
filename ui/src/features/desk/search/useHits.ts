import { clamp } from '@mantine/hooks';
import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { type AppError, type CustomerHit, type CustomerPage, useBackend } from '../../../backend';
import { keys } from '../../../shared/data/queries';
import { useNavigation } from '../../../shared/navigation';
import { cardTypedInHangul } from './hangulKeyboard';

const PAGE_SIZE = 60;
/** Delay of the search after the last change. An input method briefly removes the syllable that it is composing. */
const SEARCH_DEBOUNCE_MS = 80;
/** At least `SCAN_LETTERS_MIN` letters with at most this gap between two come from a scanner, not from typing. */
const SCAN_LETTER_GAP_MS = 40;
const SCAN_LETTERS_MIN = 5;
/** A scanner sends Enter within this time after its last letter. */
const SCAN_ENTER_GAP_MS = 120;

export interface Hits {
  text: string;
  setText(text: string): void;
  hits: CustomerHit[];
  isLoading: boolean;
  /** True if the results belong to the current text. */
  isSettled: boolean;
  byCard: boolean;
  hasMore: boolean;
  error: AppError | null;
  retry(): void;
  loadMore(): void;
  /** Returns true while a search is pending: the selected customer then isn't the one that the user searches for. */
  isPending(): boolean;
  /** Selects a result; a search that is still pending no longer changes the selection. */
  choose(customerId: string): void;
  /** Selects the next or previous result. */
  move(step: 1 | -1): void;
  /**
   * Handles Enter: starts a pending search at once. Returns true if the Enter ended a scan or came before the results,
   * in which case it must not trigger an action.
   */
  handleEnter(): boolean;
  clear(): void;
}

/** The desk's search: its text, its results, and the selection among them. */
export function useHits(): Hits {
  const backend = useBackend();
  const { customerId, selectCustomer } = useNavigation();
  const [text, setTypedText] = useState('');
  const [searched, setSearched] = useState('');
  const typing = useRef({ at: 0, run: 0 });
  const answered = useRef('');
  const selectedBefore = useRef<string | null>(null);

  const query = useInfiniteQuery({
    queryKey: keys.search(searched, PAGE_SIZE),
    queryFn: async ({ pageParam }) => {
      const page = await backend.searchCustomers({ text: searched, limit: PAGE_SIZE, cursor: pageParam });
      const scanned = page.hits.length === 0 ? cardTypedInHangul(searched) : null;
      return scanned === null ? page : backend.searchCustomers({ text: scanned, limit: PAGE_SIZE });
    },
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last: CustomerPage) => last.next ?? undefined,
    placeholderData: keepPreviousData,
  });
  const { data, isPlaceholderData, hasNextPage, isFetchingNextPage, fetchNextPage, refetch } = query;
  const hits = useMemo(() => data?.pages.flatMap((page) => page.hits) ?? [], [data]);
  const isSettled = searched === text && !isPlaceholderData && data !== undefined;

  useEffect(() => {
    const timer = setTimeout(() => setSearched(text), text === '' ? 0 : SEARCH_DEBOUNCE_MS);
    return () => clearTimeout(timer);
  }, [text]);

  // The results of a new text select the first hit, unless the user has selected someone meanwhile. If the same text is
  // only fetched again, the selection stays.
  useEffect(() => {
    if (!isSettled || answered.current === text) return;
    answered.current = text;
    if (text !== '' && customerId === selectedBefore.current) {
      selectCustomer(hits[0]?.customer.customerId ?? null);
    }
  }, [isSettled, text, hits, customerId, selectCustomer]);

  const setText = (next: string) => {
    const now = performance.now();
    const { at, run } = typing.current;
    typing.current = { at: now, run: now - at < SCAN_LETTER_GAP_MS ? run + 1 : 1 };
    selectedBefore.current = customerId;
    setTypedText(next);
  };

  const isPending = () =>
    text !== '' && answered.current !== text && customerId === selectedBefore.current && query.error === null;

  const choose = (chosen: string) => {
    answered.current = text;
    selectCustomer(chosen);
  };

  const move = (step: 1 | -1) => {
    const index = hits.findIndex((hit) => hit.customer.customerId === customerId);
    const next = hits[index < 0 ? 0 : clamp(index + step, 0, hits.length - 1)];
    if (next) choose(next.customer.customerId);
  };

  const handleEnter = () => {
    const { at, run } = typing.current;
    const scanned = run >= SCAN_LETTERS_MIN && performance.now() - at < SCAN_ENTER_GAP_MS;
    typing.current = { at: 0, run: 0 };
    if (!isSettled) setSearched(text);
    return scanned || !isSettled;
  };

  const clear = () => {
    setTypedText('');
    setSearched('');
    answered.current = '';
    selectCustomer(null);
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
    isPending,
    choose,
    move,
    handleEnter,
    clear,
  };
}
