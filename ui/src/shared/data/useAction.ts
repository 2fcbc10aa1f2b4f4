import { useCallback, useRef } from 'react';
import type { AppError, Command, Outcome } from '../../backend';
import { newRecording, type Recording, useRecord } from './queries';

export interface Action {
  /** Records a command; returns null if it fails, or if another one is still being sent. */
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
  const { mutateAsync, isPending, error, reset: forget } = useRecord();
  const attempt = useRef<{ body: string; recording: Recording } | null>(null);
  const busy = useRef(false);

  const run = useCallback(
    async (command: Command) => {
      if (busy.current) return null;
      busy.current = true;
      const body = JSON.stringify(command);
      if (attempt.current?.body !== body) attempt.current = { body, recording: newRecording(command) };
      try {
        const outcome = await mutateAsync(attempt.current.recording);
        attempt.current = null;
        return outcome;
      } catch {
        // The hook's `error` has the error. The attempt keeps its idempotency key for a retry.
        return null;
      } finally {
        busy.current = false;
      }
    },
    [mutateAsync],
  );
  const reset = useCallback(() => {
    attempt.current = null;
    forget();
  }, [forget]);
  return { run, isPending, error, reset };
}
