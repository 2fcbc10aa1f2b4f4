import { useQuery } from '@tanstack/react-query';
import { type OvertakenEditView, type ReviewInput, useBackend } from '../../backend';
import { mayAct } from '../roles';
import { useSession } from '../session';
import { keys } from './queries';

/** Time alone makes visits forgotten, and no event is sent then. */
const POLL_MS = 60_000;

/** The cases that wait for somebody. */
export function useReview(input: ReviewInput) {
  const backend = useBackend();
  return useQuery({
    queryKey: [...keys.review, 'cases', input],
    queryFn: () => backend.review(input),
    refetchInterval: POLL_MS,
  });
}

/** The edits of this terminal that another terminal overtook. */
export function useOvertakenEdits(): OvertakenEditView[] {
  const backend = useBackend();
  const { data } = useQuery({
    queryKey: [...keys.review, 'edits'],
    queryFn: () => backend.overtakenEdits(),
    refetchInterval: POLL_MS,
  });
  return data ?? [];
}

/** How many cases wait; 0 for those who don't review. */
export function useReviewCount(): number {
  const backend = useBackend();
  const { staff } = useSession();
  const { data } = useQuery({
    queryKey: [...keys.review, 'count'],
    queryFn: () => backend.reviewCount(),
    enabled: mayAct(staff.role, 'supervisor'),
    refetchInterval: POLL_MS,
  });
  return data ?? 0;
}
