import { useQuery } from '@tanstack/react-query';
import { type AppError, type Correctable, type Correction, useBackend } from '../../backend';
import { keys } from './queries';

/** Asks which corrections of something are possible now. Every fact may change the answer. */
export function useCorrections(of: Correctable | null) {
  const backend = useBackend();
  return useQuery<Correction[], AppError>({
    queryKey: [...keys.mypage, 'corrections', JSON.stringify(of)],
    queryFn: () => (of ? backend.corrections(of) : []),
    enabled: of !== null,
    gcTime: 0,
  });
}
