import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type AppError, type ContextName, useBackend } from '../../backend';
import { keys } from './queries';

/** While someone looks; what passes and what waits is told by no event. */
const REFRESH_MS = 2_000;

/** The graph and how each context stands, at one moment. */
export function useServices() {
  const backend = useBackend();
  return useQuery({
    queryKey: keys.services,
    queryFn: () => backend.services(),
    refetchInterval: REFRESH_MS,
  });
}

export interface Switching {
  name: ContextName;
  to: 'stopped' | 'running';
  /** Why it is stopped, as it was written. */
  reason?: string;
}

/** Stops or starts a context; done when the screen shows it. */
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
