import { useRef } from 'react';
import type { AppError, Outcome } from '../../backend';
import { useAction } from '../data/useAction';
import type { Step } from './steps';
import { useUndoHistory } from './UndoProvider';

/** After a step, the one before isn't offered for this time, so that a bouncing key asks nothing. */
const DEBOUNCE_MS = 500;

interface Options {
  /** The step that the notice offers; null if there is no notice, or nothing to undo or to do again. */
  shown: Step | null;
  /** Finds the last thing that can be undone when the notice offers nothing. */
  findLast(): Step | null | Promise<Step | null>;
  /** A step was taken; `reversed` makes it undone again. */
  onDone(outcome: Outcome, step: Step, reversed: Step | null): void;
  /** Asks before a step that no notice shows. */
  onAsk(step: Step): void;
  onNothing(direction: Step['direction']): void;
}

export interface Undoing {
  /**
   * Undoes what the notice is about. If there is nothing, asks about the last thing that can be undone: nobody sees
   * whose it is, so it isn't undone at once.
   */
  undo(): Promise<void>;
  /** Does again what was undone last in this window; asks unless the notice is about that. */
  redo(): Promise<void>;
  /** Takes the step that the notice offers, by its button: the second click of a double click isn't for the next one. */
  takeShown(): void;
  /** Takes note of a step that was taken elsewhere, as after a question. */
  taken(outcome: Outcome, step: Step): void;
  isPending: boolean;
  error: AppError | null;
  /** Clears the error of the last attempt. */
  reset(): void;
}

export function useUndo({ shown, findLast, onDone, onAsk, onNothing }: Options): Undoing {
  const history = useUndoHistory();
  const { run, isPending, error, reset } = useAction();
  const takenAt = useRef(Number.NEGATIVE_INFINITY);

  const taken = (outcome: Outcome, step: Step) => {
    takenAt.current = performance.now();
    onDone(outcome, step, history.noteStep(step, outcome));
  };
  const ask = (step: Step) => {
    if (performance.now() - takenAt.current >= DEBOUNCE_MS) onAsk(step);
  };
  const take = async (step: Step) => {
    if (step.asksAlways) return ask(step);
    const outcome = await run(step.command);
    if (outcome) taken(outcome, step);
  };
  const undo = async () => {
    if (shown?.direction === 'undo') return take(shown);
    const last = await findLast();
    if (last) ask(last);
    else onNothing('undo');
  };
  const redo = async () => {
    const next = history.redos[0];
    if (!next) return onNothing('redo');
    if (next === shown) return take(next);
    ask(next);
  };
  const takeShown = () => {
    if (shown && performance.now() - takenAt.current >= DEBOUNCE_MS) void take(shown);
  };
  return { undo, redo, takeShown, taken, isPending, error, reset };
}
