import { clamp } from '@mantine/hooks';
import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { type AppError, type CustomerHit, useBackend } from '../../../backend';
import { keys } from '../../../shared/data/queries';
import { useNavigation } from '../../../shared/navigation';
import { type FoundPage, withSimilar } from '../../../shared/scan';

const PAGE_SIZE = 60;
/** Delay of the search after the last change. An input method briefly removes the syllable that it is composing. */
const SEARCH_DEBOUNCE_MS = 80;

export interface Hits {
  text: string;
  setText(text: string): void;
  /** Searches for a card that was read, and selects its holder, or nobody. */
  take(card: string): void;
  hits: CustomerHit[];
  isLoading: boolean;
  /** True if the results belong to the current text. */
  isSettled: boolean;
  byCard: boolean;
  /** True if the first hits' cards differ from the text by leading zeros only. */
  isSimilar: boolean;
  /** True if the text is a card that was read. */
  isScan: boolean;
  hasMore: boolean;
  error: AppError | null;
  retry(): void;
  loadMore(): void;
  /** Returns true while a search is pending: the selected customer then isn't the one that the user searches for. */
  isPending(): boolean;
  /** Returns true if the text was typed by hand since something was last recorded or scanned. */
  isTyped(): boolean;
  /** The text has done what it was typed for. */
  markUsed(): void;
  /** Selects a result; a search that is still pending no longer changes the selection. */
  choose(customerId: string): void;
  /** Selects the next or previous result. */
  move(step: 1 | -1): void;
  /**
   * Handles Enter: starts a pending search at once. Returns true if the Enter only chooses: before the results, and
   * always after letters, because these may be a scan that wasn't recognised.
   */
  handleEnter(): boolean;
  clear(): void;
}

interface Searched {
  text: string;
  isScan: boolean;
}

/** The desk's search: its text, its results, and the selection among them. */
export function useHits(): Hits {
  const backend = useBackend();
  const { customerId, selectCustomer } = useNavigation();
  const [text, setTypedText] = useState('');
  const [searched, setSearched] = useState<Searched>({ text: '', isScan: false });
  // Counts answered searches: the selection may be the same as before, and what waited for it must still go on.
  const [, setAnswers] = useState(0);
  const [taken, setTaken] = useState(0);
  // Keys come before React has rendered, so what they depend on is also here.
  const now = useRef({ text: '', answered: '', scanned: null as string | null });
  const typed = useRef({ sinceEnter: false, sinceRecord: false });
  const selectedBefore = useRef<string | null>(null);
  /** A selection that isn't rendered yet: until then, whoever is in hand is somebody else. */
  const selecting = useRef<{ id: string | null } | null>(null);
  const select = useCallback(
    (id: string | null) => {
      selecting.current = id === customerId ? null : { id };
      selectCustomer(id);
    },
    [customerId, selectCustomer],
  );
  // biome-ignore lint/correctness/useExhaustiveDependencies: another customer is in hand now, whoever selected them.
  useEffect(() => {
    selecting.current = null;
  }, [customerId]);

  const query = useInfiniteQuery({
    queryKey: [...keys.search(searched.text, PAGE_SIZE), searched.isScan],
    queryFn: async ({ pageParam }) => {
      const cursor = pageParam === undefined ? {} : { cursor: pageParam };
      const page = await backend.searchCustomers({ text: searched.text, limit: PAGE_SIZE, ...cursor });
      return withSimilar(page, searched.isScan);
    },
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last: FoundPage) => last.next ?? undefined,
    placeholderData: keepPreviousData,
  });
  const { data, error, isPlaceholderData, hasNextPage, isFetchingNextPage, fetchNextPage, refetch } = query;
  const hits = useMemo(() => data?.pages.flatMap((page) => page.hits) ?? [], [data]);
  const { byCard = false, isSimilar = false } = data?.pages[0] ?? {};
  const isSettled = searched.text === text && !isPlaceholderData && data !== undefined;

  useEffect(() => {
    const timer = setTimeout(
      () => setSearched((before) => (before.text === text ? before : { text, isScan: false })),
      text === '' ? 0 : SEARCH_DEBOUNCE_MS,
    );
    return () => clearTimeout(timer);
  }, [text]);

  // The results of a new text select the first hit, unless the user has selected someone meanwhile. If the same text is
  // only fetched again, the selection stays. A scan selects the card's holder and nobody else.
  // biome-ignore lint/correctness/useExhaustiveDependencies: `taken` is a scan of the same card again.
  useEffect(() => {
    const { answered, scanned } = now.current;
    if (!isSettled || now.current.text !== text) return;
    if (scanned === null ? answered === text : scanned !== text || !searched.isScan) return;
    now.current.answered = text;
    now.current.scanned = null;
    const first = hits[0]?.customer.customerId ?? null;
    if (scanned !== null) select(byCard ? first : null);
    else if (text !== '' && customerId === selectedBefore.current) select(first);
    setAnswers((count) => count + 1);
  }, [isSettled, text, searched, hits, byCard, customerId, select, taken]);

  // A card that can't be looked up leaves nobody in hand: the customer before isn't the card's holder.
  useEffect(() => {
    if (error === null || now.current.scanned === null) return;
    now.current.scanned = null;
    select(null);
    setAnswers((count) => count + 1);
  }, [error, select]);

  const setText = (next: string) => {
    typed.current = { sinceEnter: true, sinceRecord: true };
    selectedBefore.current = customerId;
    now.current.text = next;
    now.current.scanned = null;
    setTypedText(next);
  };

  const take = (card: string) => {
    typed.current = { sinceEnter: false, sinceRecord: false };
    now.current = { text: card, answered: '', scanned: card };
    setTypedText(card);
    setSearched({ text: card, isScan: true });
    setTaken((count) => count + 1);
  };

  const isPending = () => {
    const { text: typedText, answered, scanned } = now.current;
    if (scanned !== null || selecting.current !== null) return true;
    return (
      typedText !== '' && answered !== typedText && customerId === selectedBefore.current && error === null
    );
  };

  const choose = (chosen: string) => {
    now.current.answered = text;
    now.current.scanned = null;
    select(chosen);
  };

  const move = (step: 1 | -1) => {
    const index = hits.findIndex((hit) => hit.customer.customerId === customerId);
    const next = hits[index < 0 ? 0 : clamp(index + step, 0, hits.length - 1)];
    if (next) choose(next.customer.customerId);
  };

  const handleEnter = () => {
    const isAfterLetters = typed.current.sinceEnter && text !== '';
    typed.current.sinceEnter = false;
    if (searched.text !== text) setSearched({ text, isScan: false });
    if (!isSettled || now.current.scanned !== null) return true;
    const [first] = hits;
    // Nobody is in hand, for example after a card that is only similar: Enter takes the first of the list.
    if (customerId === null && text !== '' && first) {
      choose(first.customer.customerId);
      return true;
    }
    return isAfterLetters;
  };

  const clear = () => {
    typed.current = { sinceEnter: false, sinceRecord: false };
    now.current = { text: '', answered: '', scanned: null };
    setTypedText('');
    setSearched({ text: '', isScan: false });
    selectCustomer(null);
  };

  const loadMore = useCallback(() => {
    if (hasNextPage && !isFetchingNextPage) void fetchNextPage();
  }, [hasNextPage, isFetchingNextPage, fetchNextPage]);

  return {
    text,
    setText,
    take,
    hits,
    isLoading: query.isLoading,
    isSettled,
    byCard,
    isSimilar,
    isScan: searched.isScan && searched.text === text,
    hasMore: hasNextPage,
    error,
    retry: () => void refetch(),
    loadMore,
    isPending,
    isTyped: () => typed.current.sinceRecord && now.current.text !== '',
    markUsed: () => {
      typed.current = { sinceEnter: false, sinceRecord: false };
    },
    choose,
    move,
    handleEnter,
    clear,
  };
}
