import { useQuery } from '@tanstack/react-query';
import { useBackend } from '../../backend';

export const KEEPING_KEY = ['keeping'] as const;

/** How long the facility keeps personal data, and its notice about them. */
export function useKeeping() {
  const backend = useBackend();
  return useQuery({ queryKey: KEEPING_KEY, queryFn: () => backend.keeping() });
}
