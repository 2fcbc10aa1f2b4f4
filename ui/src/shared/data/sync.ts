import { useInfiniteQuery, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { useBackend } from '../../backend';
import { keys } from './queries';

export const syncKeys = {
  chip: [...keys.sync, 'chip'] as const,
  view: [...keys.sync, 'view'] as const,
  quarantine: [...keys.sync, 'quarantine'] as const,
  connection: ['connection'] as const,
};

/** Listens for `link` once for the whole window. */
export function useLinkFeed(): void {
  const backend = useBackend();
  const client = useQueryClient();
  useEffect(
    () => backend.onLink(() => void client.invalidateQueries({ queryKey: keys.sync })),
    [backend, client],
  );
}

export function useSyncChip() {
  const backend = useBackend();
  return useQuery({
    queryKey: syncKeys.chip,
    queryFn: () => backend.syncChip(),
    // Told by `link`; asked all the same, since the chip is what people trust.
    refetchInterval: 15_000,
  });
}

export function useSyncView({ enabled = true } = {}) {
  const backend = useBackend();
  return useQuery({
    queryKey: syncKeys.view,
    queryFn: () => backend.syncView(),
    enabled,
    // Other terminals are heard every few seconds, and nothing is recorded when one falls silent.
    refetchInterval: 5_000,
  });
}

export function useQuarantine(enabled: boolean) {
  const backend = useBackend();
  return useInfiniteQuery({
    queryKey: syncKeys.quarantine,
    queryFn: ({ pageParam }) => backend.quarantine(pageParam),
    initialPageParam: null as number | null,
    getNextPageParam: ({ next }) => next,
    enabled,
  });
}

export function useConnection() {
  const backend = useBackend();
  return useQuery({ queryKey: syncKeys.connection, queryFn: () => backend.connection() });
}
