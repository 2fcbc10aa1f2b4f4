import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type AppError, type ContextName, useBackend } from '../../backend';
import { keys } from './queries';

/** While someone looks; what passes and what waits is told by no event. */
const REFRESH_MS = 2_000;

/** The graph and how each context stands, as one answer. */
export function useServices() {
  const backend = useBackend();
  return useQuery({
    queryKey: keys.services,
    queryFn: async () => {
      const [view, contexts] = await Promise.all([backend.services(), backend.contexts()]);
      return { view, contexts };
    },
    refetchInterval: REFRESH_MS,
  });
}

export interface Switching {
  name: ContextName;
  to: 'stopped' | 'running';
}

/** Stops or starts a context; done when the screen shows it. */
export function useSwitchContext() {
  const backend = useBackend();
  const client = useQueryClient();
  return useMutation<void, AppError, Switching>({
    mutationFn: ({ name, to }) => (to === 'stopped' ? backend.stopContext(name) : backend.startContext(name)),
    onSettled: () => client.invalidateQueries({ queryKey: keys.services }),
  });
}
