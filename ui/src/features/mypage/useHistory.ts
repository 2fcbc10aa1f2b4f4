import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { type Moment, type MypageFilter, useBackend } from '../../backend';
import { keys } from '../../shared/data/queries';
import type { DateRange } from '../../shared/dates';

const PAGE_SIZE = 100;
const CHART_POINTS_MAX = 2_000;

export interface HistoryFilter {
  customerId: string;
  filter: MypageFilter;
  range: DateRange;
  /** Another moment than now. */
  moment: Moment | null;
}

const keyOf = (moment: Moment | null) => (moment ? `${moment.at} ${moment.view}` : '');

/** Queries pages of a customer's Mypage entries, newest first. */
export function useHistory({ customerId, filter, range, moment }: HistoryFilter) {
  const backend = useBackend();
  return useInfiniteQuery({
    queryKey: [
      ...keys.mypage,
      'entries',
      customerId,
      filter,
      range.from ?? '',
      range.to ?? '',
      keyOf(moment),
    ],
    queryFn: ({ pageParam }) =>
      backend.mypage({
        customerId,
        filter,
        ...range,
        limit: PAGE_SIZE,
        ...(moment ? { moment } : {}),
        ...(pageParam ? { cursor: pageParam } : {}),
      }),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next,
    placeholderData: (previous, query) => (query?.queryKey[2] === customerId ? previous : undefined),
  });
}

/** Queries the chart's data. The filter doesn't apply to it, because the chart shows balance and penalties together. */
export function useHistoryChart({ customerId, range, moment }: HistoryFilter) {
  const backend = useBackend();
  return useQuery({
    queryKey: [...keys.mypage, 'chart', customerId, range.from ?? '', range.to ?? '', keyOf(moment)],
    queryFn: () =>
      backend.chart({
        customerId,
        filter: 'all',
        ...range,
        limit: CHART_POINTS_MAX,
        ...(moment ? { moment } : {}),
      }),
    placeholderData: (previous, query) => (query?.queryKey[2] === customerId ? previous : undefined),
  });
}
