import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useBackend } from '../../backend';
import { keys } from '../../shared/data/queries';
import { useRefetchAfterChanges } from '../../shared/data/useRefetchAfterChanges';

/** Deriving the figures reads all lines and facts of the day, so not every change asks for them. */
const REST_MS = 3_000;

/** The figures of a day such as `2026-11-20`, with its closes. */
export function useDay(day: string) {
  const backend = useBackend();
  const query = useQuery({ queryKey: [...keys.day, day], queryFn: () => backend.day(day) });
  useRefetchAfterChanges(query.refetch, REST_MS);
  return query;
}

/** Closes a day. */
export function useCloseDay(day: string) {
  const backend = useBackend();
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => backend.closeDay(day),
    onSuccess: (view) => client.setQueryData([...keys.day, day], view),
  });
}
