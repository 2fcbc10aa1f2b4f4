import { useRef, useState } from 'react';
import { type AppError, asAppError } from '../../backend';

/** The fields that the outcomes of all trials have. */
export interface TrialOutcome {
  error: AppError | null;
  tookMs: number;
}

export interface Trial<Outcome extends TrialOutcome> {
  outcome: Outcome | null;
  /** The error for which the trial failed or couldn't be made. */
  failure: AppError | null;
  isTrying: boolean;
  /** Runs a trial, unless one is running. */
  run(attempt: () => Promise<Outcome>): Promise<void>;
  /** Drops the outcome and ignores the outcome of a running trial. Called when the tried settings have changed. */
  clear(): void;
  /** Drops the error if a trial couldn't be made; keeps the outcome of a trial. */
  clearError(): void;
}

/** The state of a trial, which tests the typed settings of a server before they are saved. */
export function useTrial<Outcome extends TrialOutcome>(): Trial<Outcome> {
  const [outcome, setOutcome] = useState<Outcome | null>(null);
  const [error, setError] = useState<AppError | null>(null);
  const [isTrying, setIsTrying] = useState(false);
  const generation = useRef(0);

  const clearError = () => setError(null);
  const clear = () => {
    generation.current += 1;
    setOutcome(null);
    setError(null);
  };
  const run = async (attempt: () => Promise<Outcome>) => {
    if (isTrying) return;
    clear();
    const { current } = generation;
    setIsTrying(true);
    try {
      const found = await attempt();
      if (generation.current === current) setOutcome(found);
    } catch (thrown) {
      if (generation.current === current) setError(asAppError(thrown));
    } finally {
      setIsTrying(false);
    }
  };
  return { outcome, failure: error ?? outcome?.error ?? null, isTrying, run, clear, clearError };
}
