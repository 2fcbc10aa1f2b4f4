import { useInfiniteQuery, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { useBackend } from '../../backend';
import { keys } from './queries';

export const syncKeys = {
  chip: [...keys.sync, 'chip'] as const,
  view: [...keys.sync, 'view'] as const,
  quarantine: [...keys.sync, 'quarantine'] as const,
  connection: ['connection'] as const,
  // Not under `sync`, which every recorded fact invalidates.
  retiredHere: ['retiredHere'] as const,
};

/** Invalidates the queries about replication when the connection changes. Used only once, by the window's frame. */
export function useConnectionFeed(): void {
  const backend = useBackend();
  const client = useQueryClient();
  useEffect(
    () => backend.onConnection(() => void client.invalidateQueries({ queryKey: keys.sync })),
    [backend, client],
  );
}

export function useSyncChip() {
  const backend = useBackend();
  return useQuery({
    queryKey: syncKeys.chip,
    queryFn: () => backend.syncChip(),
    // Events already update the chip in the top bar. Polling is a safeguard, because people rely on the chip.
    refetchInterval: 15_000,
  });
}

export function useSyncView({ enabled = true } = {}) {
  const backend = useBackend();
  return useQuery({
    queryKey: syncKeys.view,
    queryFn: () => backend.syncView(),
    enabled,
    // Polls, because no event is sent when heartbeats of other terminals come or stop.
    refetchInterval: 5_000,
  });
}

/** Whether a manager has retired this terminal. */
export function useIsRetiredHere(): boolean {
  const backend = useBackend();
  const { data: chip } = useSyncChip();
  const { data } = useQuery({
    queryKey: syncKeys.retiredHere,
    queryFn: async () => (await backend.syncView()).terminals.some(({ here, retired }) => here && retired),
    enabled: chip !== undefined && chip.state !== 'alone',
    refetchInterval: 60_000,
  });
  return data ?? false;
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

export function useConnection(enabled = true) {
  const backend = useBackend();
  return useQuery({ queryKey: syncKeys.connection, queryFn: () => backend.connection(), enabled });
}
