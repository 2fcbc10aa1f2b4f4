import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useCallback } from 'react';
import { type StaffMember, useBackend } from '../../backend';

const STAFF_KEY = ['staff'] as const;
export const TOKENS_KEY = ['tokens'] as const;

/** The people of the house, as managers see them. */
export function useStaffMembers(enabled = true) {
  const backend = useBackend();
  return useQuery({ queryKey: STAFF_KEY, queryFn: () => backend.staffMembers(), enabled });
}

/** Shows the people as a call has returned them after a change. */
export function useAdoptStaff(): (members: StaffMember[]) => void {
  const client = useQueryClient();
  return useCallback((members) => client.setQueryData(STAFF_KEY, members), [client]);
}

export function usePermissions() {
  const backend = useBackend();
  return useQuery({ queryKey: ['permissions'], queryFn: () => backend.permissions() });
}

export function useTokens(enabled = true) {
  const backend = useBackend();
  return useQuery({ queryKey: TOKENS_KEY, queryFn: () => backend.tokens(), enabled });
}

/** Everybody by whom facts can be filtered, also the tokens of other terminals. */
export function useRecorders() {
  const backend = useBackend();
  return useQuery({ queryKey: ['recorders'], queryFn: () => backend.recorders() });
}
