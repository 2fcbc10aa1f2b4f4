import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useBackend } from '../../backend';
import { keys } from '../../shared/data/queries';

/** The figures of a day such as `2026-11-20`, with its closes. */
export function useDay(day: string) {
  const backend = useBackend();
  return useQuery({ queryKey: [...keys.day, day], queryFn: () => backend.day(day) });
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
