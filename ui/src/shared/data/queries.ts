import { keepPreviousData, QueryClient, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { type AppError, type Command, type Outcome, useBackend } from '../../backend';

declare module '@tanstack/react-query' {
  interface Register {
    defaultError: AppError;
  }
}

/** Roots of the query keys; `changed` events and recorded commands make them stale. */
export const keys = {
  customers: ['customers'] as const,
  search: (text: string, limit: number) => ['customers', 'search', text, limit] as const,
  card: (customerId: string | null) => ['customers', 'card', customerId] as const,
  occupancy: ['occupancy'] as const,
  recent: ['recent'] as const,
  mypage: ['mypage'] as const,
  sync: ['sync'] as const,
  services: ['services'] as const,
  traces: ['traces'] as const,
};

/** The program is local and tells what changed, so nothing is asked again without cause. */
export function createQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        retry: false,
        staleTime: Number.POSITIVE_INFINITY,
        refetchOnWindowFocus: false,
        refetchOnReconnect: false,
        networkMode: 'always',
      },
      mutations: { retry: false, networkMode: 'always' },
    },
  });
}

/** Everything that shows recorded facts. */
const recorded = [keys.customers, keys.occupancy, keys.recent, keys.mypage, keys.sync, keys.services];

function useInvalidateRecorded(): () => Promise<void> {
  const client = useQueryClient();
  return async () => {
    await Promise.all(recorded.map((queryKey) => client.invalidateQueries({ queryKey })));
  };
}

/** Listens for `changed` once for the whole window. */
export function useChangeFeed(): void {
  const backend = useBackend();
  const client = useQueryClient();
  useEffect(
    () =>
      backend.onChanged(({ customers }) => {
        const named = new Set(customers);
        void client.invalidateQueries({
          predicate: ({ queryKey: [root, kind, id] }) => {
            if (named.size === 0) return true;
            if (root === 'customers' && kind === 'card') return named.has(String(id));
            return recorded.some(([changed]) => changed === root);
          },
        });
      }),
    [backend, client],
  );
}

/** A command with the key of the action it came from; the key stays the same when it is tried again. */
export interface Recording {
  idempotencyKey: string;
  command: Command;
}

export const newRecording = (command: Command): Recording => ({
  idempotencyKey: crypto.randomUUID(),
  command,
});

export function useRecord() {
  const backend = useBackend();
  const invalidate = useInvalidateRecorded();
  return useMutation<Outcome, AppError, Recording>({
    mutationFn: (recording) => backend.record(recording),
    // Also after a refusal: what was shown may have been out of date.
    onSettled: () => void invalidate(),
  });
}

export function useCustomerSearch(text: string, limit = 50) {
  const backend = useBackend();
  return useQuery({
    queryKey: keys.search(text, limit),
    queryFn: () => backend.searchCustomers({ text, limit }),
    placeholderData: keepPreviousData,
  });
}

export function useCustomerCard(customerId: string | null) {
  const backend = useBackend();
  return useQuery({
    queryKey: keys.card(customerId),
    queryFn: () => backend.customerCard(customerId ?? ''),
    enabled: customerId !== null,
    // The verdict's age is the program's to tell, so it is asked for again while someone looks.
    refetchInterval: 30_000,
  });
}

export function useOccupancy() {
  const backend = useBackend();
  return useQuery({
    queryKey: keys.occupancy,
    queryFn: () => backend.occupancy(),
    // Nothing is recorded at the moment a visit becomes a forgotten one.
    refetchInterval: 60_000,
  });
}

export function useRecentRecords(customerId: string | undefined, limit: number) {
  const backend = useBackend();
  return useQuery({
    queryKey: [...keys.recent, customerId ?? 'terminal', limit],
    queryFn: () => backend.recentRecords({ customerId, limit }),
    placeholderData: keepPreviousData,
  });
}
