import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { type MypageFilter, useBackend } from '../../backend';
import { keys } from '../../shared/data/queries';
import type { DateRange } from './range';

const PAGE = 100;

export interface HistoryWanted {
  customerId: string;
  filter: MypageFilter;
  range: DateRange;
}

/** The entries, newest first, page after page from the last row's place. */
export function useHistory({ customerId, filter, range }: HistoryWanted) {
  const backend = useBackend();
  return useInfiniteQuery({
    queryKey: [...keys.mypage, 'entries', customerId, filter, range.from ?? '', range.to ?? ''],
    queryFn: ({ pageParam }) =>
      backend.mypage({
        customerId,
        filter,
        ...range,
        limit: PAGE,
        ...(pageParam ? { cursor: pageParam } : {}),
      }),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next,
    placeholderData: (previous, query) => (query?.queryKey[2] === customerId ? previous : undefined),
  });
}

/** The chart doesn't follow the filter: balance and penalties explain each other. */
export function useHistoryChart({ customerId, range }: HistoryWanted) {
  const backend = useBackend();
  return useQuery({
    queryKey: [...keys.mypage, 'chart', customerId, range.from ?? '', range.to ?? ''],
    queryFn: () => backend.chart({ customerId, filter: 'all', ...range, limit: 2_000 }),
    placeholderData: (previous, query) => (query?.queryKey[2] === customerId ? previous : undefined),
  });
}
