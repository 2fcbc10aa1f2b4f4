import type { AppError, Calls, Changed, Closing, Job } from './types';

/** Ends a subscription. */
export type Unlisten = () => void;

/** The type of a call, from its row `[input, answer]` in the generated table; null stands for no input or no answer. */
type Call<Row> = Row extends [null, null]
  ? () => Promise<void>
  : Row extends [null, infer Answer]
    ? () => Promise<Answer>
    : Row extends [infer Input, null]
      ? (input: Input) => Promise<void>
      : Row extends [infer Input, infer Answer]
        ? (input: Input) => Promise<Answer>
        : never;

/**
 * The program as the screens see it: the calls of `crates/window/src/calls/table.rs`, and the program's events. There
 * are three implementations. `tauri.ts` calls the process of the window. `mock/` imitates the program in memory, for
 * tests of the screens and for a browser. `loopback.ts` calls the real program over HTTP, for a browser and for the
 * parity suite, which compares the mock with the real program.
 *
 * A promise rejects only with an {@link AppError}.
 */
export type Backend = { [Name in keyof Calls]: Call<Calls[Name]> } & Events;

export interface Events {
  onChanged(listener: (change: Changed) => void): Unlisten;
  /** Calls the listener when the user wants to close the window and something would be lost. */
  onClosing(listener: (closing: Closing) => void): Unlisten;
  onJob(listener: (job: Job) => void): Unlisten;
  /** Calls the listener when the state of the connection to Kafka or the number of pending facts has changed. */
  onConnection(listener: () => void): Unlisten;
  /** Calls the listener when a slip was added, printed, failed or discarded. */
  onPrinter(listener: () => void): Unlisten;
}

/** Converts a thrown value to an `AppError`, the only kind of error that the screens handle. */
export function asAppError(thrown: unknown): AppError {
  if (typeof thrown === 'object' && thrown !== null && 'code' in thrown) {
    const { code, params } = thrown as Partial<AppError>;
    if (typeof code === 'string') return { code, params: params ?? {} };
  }
  return { code: 'internal', params: { detail: thrown instanceof Error ? thrown.message : String(thrown) } };
}
