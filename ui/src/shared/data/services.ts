import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type AppError, type ContextName, useBackend } from '../../backend';
import { keys } from './queries';

/** Interval for polling while the screen is open, because no event reports traffic or lag. */
const POLL_INTERVAL_MS = 2_000;

/** Queries the service graph and the states of all contexts. */
export function useServices() {
  const backend = useBackend();
  return useQuery({
    queryKey: keys.services,
    queryFn: () => backend.services(),
    refetchInterval: POLL_INTERVAL_MS,
  });
}

export interface Switching {
  name: ContextName;
  to: 'stopped' | 'running';
  /** The operator's reason for a stop. */
  reason?: string;
}

/** Stops or starts a context, then refetches the graph. */
export function useSwitchContext() {
  const backend = useBackend();
  const client = useQueryClient();
  return useMutation<void, AppError, Switching>({
    mutationFn: ({ name, to, reason }) =>
      to === 'stopped'
        ? backend.stopContext({ name, reason: reason?.trim() || null })
        : backend.startContext(name),
    onSettled: () => client.invalidateQueries({ queryKey: keys.services }),
  });
}
