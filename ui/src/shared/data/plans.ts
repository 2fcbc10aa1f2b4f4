import { useQuery } from '@tanstack/react-query';
import { type PlanView, useBackend } from '../../backend';
import { keys } from './queries';

/** The plans of the sites, by name. */
export function usePlans() {
  const backend = useBackend();
  return useQuery({ queryKey: [...keys.plans, 'list'], queryFn: () => backend.plans() });
}

/** The address of a plan's picture for an `<img>`, null until all of the picture has come. */
export function usePlanPicture(plan: PlanView | undefined) {
  const backend = useBackend();
  const isWhole = plan?.picture != null && plan.picture.have === plan.picture.pieces;
  return useQuery({
    queryKey: ['planPicture', plan?.planId, plan?.revision, plan?.picture?.have],
    queryFn: async () => {
      const picture = await backend.planPicture(plan?.planId ?? '');
      return picture && `data:image/${picture.kind};base64,${picture.data}`;
    },
    enabled: isWhole,
  });
}

/** The penalties of each area in the last days: read again each minute, because the figures are of many days. */
export function usePlacePenalties(days: number | null) {
  const backend = useBackend();
  return useQuery({
    queryKey: ['placePenalties', days],
    queryFn: () => backend.placePenalties(days ?? 1),
    enabled: days !== null,
    staleTime: 0,
    refetchInterval: 60_000,
  });
}
