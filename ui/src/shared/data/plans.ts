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
    queryKey: [...keys.plans, 'picture', plan?.planId, plan?.revision],
    queryFn: async () => {
      const picture = await backend.planPicture(plan?.planId ?? '');
      return picture && `data:image/${picture.kind};base64,${picture.data}`;
    },
    enabled: isWhole,
  });
}

/** The penalties of each area in the last days. */
export function usePlacePenalties(days: number | null) {
  const backend = useBackend();
  return useQuery({
    queryKey: [...keys.plans, 'penalties', days],
    queryFn: () => backend.placePenalties(days ?? 1),
    enabled: days !== null,
  });
}
