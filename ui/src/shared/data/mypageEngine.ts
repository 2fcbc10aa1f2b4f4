import { useQuery } from '@tanstack/react-query';
import { useBackend } from '../../backend';

export const mypageEngineKey = ['mypageEngine'] as const;

export function useMypageEngine(enabled = true) {
  const backend = useBackend();
  return useQuery({ queryKey: mypageEngineKey, queryFn: () => backend.mypageEngine(), enabled });
}
