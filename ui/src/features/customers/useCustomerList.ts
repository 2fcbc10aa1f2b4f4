import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';
import { useBackend } from '../../backend';
import { keys } from '../../shared/data/queries';

const PAGE_SIZE = 100;

/**
 * Queries pages of the customers that match a text; without a text, of all customers, the most recent visitors first.
 */
export function useCustomerList(text: string) {
  const backend = useBackend();
  return useInfiniteQuery({
    queryKey: [...keys.customers, 'list', text],
    queryFn: ({ pageParam }) =>
      backend.searchCustomers({ text, limit: PAGE_SIZE, ...(pageParam ? { cursor: pageParam } : {}) }),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next,
    placeholderData: keepPreviousData,
  });
}
