import { useState } from 'react';
import { type AppError, asAppError } from '../backend';

/** Runs an asynchronous function and keeps its error. Ignores further calls while one is running. */
export function useAttempt() {
  const [isBusy, setIsBusy] = useState(false);
  const [error, setError] = useState<AppError | null>(null);
  const attempt = async (work: () => Promise<void>) => {
    if (isBusy) return;
    setIsBusy(true);
    setError(null);
    try {
      await work();
    } catch (thrown) {
      setError(asAppError(thrown));
    } finally {
      setIsBusy(false);
    }
  };
  return { isBusy, error, attempt, clear: () => setError(null) };
}
