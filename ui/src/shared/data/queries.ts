import { keepPreviousData, QueryClient, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { type AppError, type Approval, type Command, type Outcome, useBackend } from '../../backend';

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
  review: ['review'] as const,
  plans: ['plans'] as const,
  day: ['day'] as const,
  period: ['period'] as const,
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

/**
 * How often each customer has changed, by client. A card whose loading began before a change is loaded again before
 * anybody sees it.
 */
const changes = new WeakMap<QueryClient, { all: number; byCustomer: Map<string, number> }>();

function changesOf(client: QueryClient) {
  const known = changes.get(client) ?? { all: 0, byCustomer: new Map() };
  changes.set(client, known);
  return known;
}

function noteChange(client: QueryClient, customers: ReadonlySet<string>): void {
  const known = changesOf(client);
  if (customers.size === 0) known.all += 1;
  for (const id of customers) known.byCustomer.set(id, (known.byCustomer.get(id) ?? 0) + 1);
}

const changesSeen = (client: QueryClient, customerId: string): number => {
  const { all, byCustomer } = changesOf(client);
  return all + (byCustomer.get(customerId) ?? 0);
};

/** A card is loaded again at most this often: a customer who changes all the time is shown as last read. */
const LOADS_MAX = 4;

/** Keys of all queries that depend on facts. */
const factKeys = [
  keys.customers,
  keys.occupancy,
  keys.recent,
  keys.review,
  keys.plans,
  keys.mypage,
  keys.sync,
  keys.services,
];

function useInvalidateFacts(): () => Promise<void> {
  const client = useQueryClient();
  return async () => {
    noteChange(client, new Set());
    forgetUnseen(client);
    await Promise.all(factKeys.map((queryKey) => client.invalidateQueries({ queryKey })));
  };
}

/** Drops what nobody looks at: shown from the cache, it would be outdated until it is loaded again. */
function forgetUnseen(client: QueryClient): void {
  client.removeQueries({ queryKey: keys.customers, type: 'inactive' });
}

/** Invalidates queries on the program's `changed` events. Used only once, by the window's frame. */
export function useChangeFeed(): void {
  const backend = useBackend();
  const client = useQueryClient();
  useEffect(
    () =>
      backend.onChanged(({ customers }) => {
        const changed = new Set(customers);
        noteChange(client, changed);
        forgetUnseen(client);
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
  /** Who approves it, over the screen of the person who is signed in. */
  approver?: Approval;
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

/**
 * Queries a customer's card. It is never shown from an earlier look: the verdict must be today's, also for the moment
 * until it is loaded.
 */
export function useCustomerCard(customerId: string | null) {
  const backend = useBackend();
  const client = useQueryClient();
  return useQuery({
    queryKey: keys.card(customerId),
    queryFn: async () => {
      const id = customerId ?? '';
      for (let loads = 1; ; loads += 1) {
        const before = changesSeen(client, id);
        const card = await backend.customerCard(id);
        if (changesSeen(client, id) === before || loads === LOADS_MAX) return card;
      }
    },
    enabled: customerId !== null,
    gcTime: 0,
    // Polls, so that the shown age of the verdict is right.
    refetchInterval: 30_000,
  });
}

export function useOccupancy() {
  const backend = useBackend();
  return useQuery({
    queryKey: keys.occupancy,
    queryFn: () => backend.occupancy(),
    // Polls, because no event is sent when a visit becomes a forgotten one.
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
