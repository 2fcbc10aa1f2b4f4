import { type ReactNode, useCallback, useRef, useState } from 'react';
import type { Approval, Outcome, Role } from '../backend';
import { ApprovalContextProvider, type AskApproval } from '../shared/approval';
import { useCloseForScans } from '../shared/scan';
import { ApprovalDialog } from './ApprovalDialog';

interface Asked {
  needed: Role;
  send: (approver: Approval) => Promise<Outcome>;
  end: (outcome: Outcome | null) => void;
  fail: (error: unknown) => void;
}

/** Shows the dialog in which somebody of a higher role approves one act. */
export function ApprovalProvider({ children }: { children: ReactNode }) {
  const [asked, setAsked] = useState<Asked | null>(null);
  const open = useRef<Asked | null>(null);
  const ask = useCallback<AskApproval>((needed, send) => {
    // One act at a time: a later one finds the dialog open and stays refused.
    if (open.current) return Promise.resolve(null);
    return new Promise((resolve, reject) => {
      const close = () => {
        open.current = null;
        setAsked(null);
      };
      open.current = {
        needed,
        send,
        end: (outcome) => {
          close();
          resolve(outcome);
        },
        fail: (error) => {
          close();
          reject(error);
        },
      };
      setAsked(open.current);
    });
  }, []);
  useCloseForScans(() => open.current?.end(null));
  return (
    <ApprovalContextProvider value={ask}>
      {children}
      {asked && (
        <ApprovalDialog
          needed={asked.needed}
          send={asked.send}
          onDone={asked.end}
          onFailed={asked.fail}
          onClose={() => asked.end(null)}
        />
      )}
    </ApprovalContextProvider>
  );
}
