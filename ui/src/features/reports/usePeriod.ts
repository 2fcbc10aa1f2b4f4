import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { type PeriodInput, useBackend } from '../../backend';
import { keys } from '../../shared/data/queries';
import { useRefetchAfterChanges } from '../../shared/data/useRefetchAfterChanges';

/** A report reads the sums of many days, so not every change asks for it. */
const REST_MS = 15_000;

/** The figures of a period. While another one is read, the previous one stays. */
export function usePeriod(input: PeriodInput) {
  const backend = useBackend();
  const query = useQuery({
    queryKey: [...keys.period, input],
    queryFn: () => backend.period(input),
    placeholderData: keepPreviousData,
  });
  useRefetchAfterChanges(query.refetch, REST_MS);
  return query;
}
