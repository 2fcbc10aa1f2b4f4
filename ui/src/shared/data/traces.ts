import { keepPreviousData, useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useBackend } from '../../backend';
import { keys } from './queries';

const PAGE = 50;

export interface TracesAsked {
  failed: boolean;
  /** One trace alone; the rest is not asked then. */
  traceId: string | null;
}

/** Traces are asked for once and when somebody asks again: a list that moves by itself can't be read. */
export function useTraces({ failed, traceId }: TracesAsked) {
  const backend = useBackend();
  return useInfiniteQuery({
    queryKey: [...keys.traces, 'list', failed, traceId],
    queryFn: ({ pageParam }) => backend.traces({ cursor: pageParam, limit: PAGE, failed, traceId }),
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
