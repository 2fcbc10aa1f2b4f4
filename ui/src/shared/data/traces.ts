import { keepPreviousData, useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useBackend } from '../../backend';
import { keys } from './queries';

const PAGE_SIZE = 50;

export interface TraceFilter {
  failed: boolean;
  /** Restricts the list to one trace. */
  traceId: string | null;
}

/** Queries the list of traces. Doesn't refresh by itself, because a list that moves while one reads is unusable. */
export function useTraces({ failed, traceId }: TraceFilter) {
  const backend = useBackend();
  return useInfiniteQuery({
    queryKey: [...keys.traces, 'list', failed, traceId],
    queryFn: ({ pageParam }) => backend.traces({ cursor: pageParam, limit: PAGE_SIZE, failed, traceId }),
    initialPageParam: null as string | null,
    getNextPageParam: ({ cursor }) => cursor,
    placeholderData: keepPreviousData,
  });
}

export function useTrace(traceId: string | null) {
  const backend = useBackend();
  return useQuery({
    queryKey: [...keys.traces, 'one', traceId],
    queryFn: () => backend.trace(traceId ?? ''),
    enabled: traceId !== null,
  });
}
