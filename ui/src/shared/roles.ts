import type { Role } from '../backend';
import { useSession } from './session';

const RANK: Record<Role, number> = { staff: 0, supervisor: 1, manager: 2 };

/** Whether somebody of a role may do what needs a role. The program decides; the screens only offer nothing in vain. */
export const mayAct = (role: Role, needed: Role): boolean => RANK[role] >= RANK[needed];

/** Whether the person who is signed in may do what needs a role. */
export function useMayAct(): (needed: Role) => boolean {
  const { role } = useSession().staff;
  return (needed) => mayAct(role, needed);
}
