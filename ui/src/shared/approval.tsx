import { createContext, useContext } from 'react';
import type { AppError, Approval, Outcome, Role } from '../backend';

/** The role that an error asks for, if somebody of that role can approve the act; null for other errors. */
export function roleToApprove({ code, params }: AppError): Role | null {
  const { needed } = params;
  if (code !== 'not_authorised' && code !== 'void_window_passed') return null;
  return needed === 'supervisor' || needed === 'manager' ? needed : null;
}

/**
 * Asks somebody of a role to approve an act over the screen of the one who is signed in, and sends it with the approval.
 * Returns the outcome; null if nobody approved. Rejects with an error that isn't about the PIN.
 */
export type AskApproval = (
  needed: Role,
  send: (approver: Approval) => Promise<Outcome>,
) => Promise<Outcome | null>;

const ApprovalContext = createContext<AskApproval>(async () => null);

export const ApprovalContextProvider = ApprovalContext;

export const useAskApproval = (): AskApproval => useContext(ApprovalContext);
