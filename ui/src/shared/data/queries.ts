import { keepPreviousData, QueryClient, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { type AppError, type Command, type Outcome, useBackend } from '../../backend';

declare module '@tanstack/react-query' {
  interface Register {
    defaultError: AppError;
  }
}

/** The keys of cached queries. `changed` events and recorded commands invalidate queries by the key's first element. */
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

/** Creates a query client that doesn't refetch by itself, because the program sends events for changes. */
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

/** Keys of all queries that depend on facts. */
const factKeys = [keys.customers, keys.occupancy, keys.recent, keys.mypage, keys.sync, keys.services];

function useInvalidateFacts(): () => Promise<void> {
  const client = useQueryClient();
  return async () => {
    await Promise.all(factKeys.map((queryKey) => client.invalidateQueries({ queryKey })));
  };
}

/** Invalidates queries on the program's `changed` events. Used only once, by the window's frame. */
export function useChangeFeed(): void {
  const backend = useBackend();
  const client = useQueryClient();
  useEffect(
    () =>
      backend.onChanged(({ customers }) => {
        const changed = new Set(customers);
        void client.invalidateQueries({
          predicate: ({ queryKey: [root, kind, id] }) => {
            if (changed.size === 0) return true;
            if (root === 'customers' && kind === 'card') return changed.has(String(id));
            return factKeys.some(([first]) => first === root);
          },
        });
      }),
    [backend, client],
  );
}

/** A command with its idempotency key, which stays the same for retries. */
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
  const invalidate = useInvalidateFacts();
  return useMutation<Outcome, AppError, Recording>({
    mutationFn: (recording) => backend.record(recording),
    // Refetch also after an error, because the command may have been refused for data that the screen shows outdated.
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
    // Polls, so that the shown age of the verdict is right.
    refetchInterval: 30_000,
  });
}

export function useOccupancy() {
  const backend = useBackend();
  return useQuery({
    queryKey: keys.occupancy,
    queryFn: () => backend.occupancy(),
    // Polls, because no event is sent when a visit has lasted so long that it counts as forgotten.
    refetchInterval: 60_000,
  });
}

export function useRecentEntries(customerId: string | undefined, limit: number) {
  const backend = useBackend();
  return useQuery({
    queryKey: [...keys.recent, customerId ?? 'terminal', limit],
    queryFn: () => backend.recentEntries({ customerId, limit }),
    placeholderData: keepPreviousData,
  });
}
