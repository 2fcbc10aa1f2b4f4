import { useCallback, useRef } from 'react';
import type { AppError, Command, Outcome } from '../../backend';
import { newRecording, type Recording, useRecord } from './queries';

export interface Action {
  /** Records a command; answers null when it was refused, or while an earlier one is still on its way. */
  run(command: Command): Promise<Outcome | null>;
  isPending: boolean;
  error: AppError | null;
  /** Forgets the error and the attempt. */
  reset(): void;
}

/**
 * One intended action of a person. Pressed again after a failure it is the same action, so it goes out under
 * the same key and can't be recorded twice; anything else asked for is a new one.
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
        // Shown through `error`; the attempt is kept for another try.
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
