import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';
import { useBackend } from '../../backend';
import { keys } from '../../shared/data/queries';

const PAGE = 100;

/** Customers that fit what was typed, page after page; all of them, those seen last first, for nothing. */
export function useCustomerList(text: string) {
  const backend = useBackend();
  return useInfiniteQuery({
    queryKey: [...keys.customers, 'list', text],
    queryFn: ({ pageParam }) =>
      backend.searchCustomers({ text, limit: PAGE, ...(pageParam ? { cursor: pageParam } : {}) }),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next,
    placeholderData: keepPreviousData,
  });
}
