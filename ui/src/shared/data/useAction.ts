import { useCallback, useRef, useState } from 'react';
import { type AppError, asAppError, type Command, type Outcome } from '../../backend';
import { roleToApprove, useAskApproval } from '../approval';
import { newRecording, type Recording, useRecord } from './queries';

export interface Action {
  /**
   * Records a command; returns null if it fails, or if another one is still being sent. If it needs a higher role,
   * somebody of that role is asked to approve it.
   */
  run(command: Command): Promise<Outcome | null>;
  isPending: boolean;
  error: AppError | null;
  /** Clears the error and the idempotency key of the last attempt. */
  reset(): void;
}

/**
 * An action of the user. The same command repeated after a failure reuses its idempotency key, so that it can't be
 * recorded twice; a different command gets a new key.
 */
export function useAction(): Action {
  const { mutateAsync, isPending } = useRecord();
  const askApproval = useAskApproval();
  const [error, setError] = useState<AppError | null>(null);
  const attempt = useRef<{ body: string; recording: Recording } | null>(null);
  const busy = useRef(false);

  const run = useCallback(
    async (command: Command) => {
      if (busy.current) return null;
      busy.current = true;
      const body = JSON.stringify(command);
      if (attempt.current?.body !== body) attempt.current = { body, recording: newRecording(command) };
      const { recording } = attempt.current;
      const send = async (): Promise<Outcome | null> => {
        try {
          return await mutateAsync(recording);
        } catch (thrown) {
          const refused = asAppError(thrown);
          const needed = roleToApprove(refused);
          if (!needed) throw refused;
          const approved = await askApproval(needed, (approver) => mutateAsync({ ...recording, approver }));
          if (!approved) throw refused;
          return approved;
        }
      };
      setError(null);
      try {
        const outcome = await send();
        attempt.current = null;
        return outcome;
      } catch (thrown) {
        // The attempt keeps its idempotency key for a retry.
        setError(asAppError(thrown));
        return null;
      } finally {
        busy.current = false;
      }
    },
    [mutateAsync, askApproval],
  );
  const reset = useCallback(() => {
    attempt.current = null;
    setError(null);
  }, []);
  return { run, isPending, error, reset };
}
