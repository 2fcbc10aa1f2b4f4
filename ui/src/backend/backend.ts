import type { AppError, Calls, Changed, Job } from './types';

/** Ends a subscription. */
export type Unlisten = () => void;

/** A call as its row in Rust's table says: its input and the promise of its answer, each where there is one. */
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
 * Everything a screen may ask of the program: the calls of `src-tauri/src/calls/table.rs`, and what it tells by itself. Two sides
 * stand behind it: the real one (`tauri.ts`) and the one in memory (`mock/`) for tests and for looking at the screens in a browser.
 *
 * Every promise rejects with an {@link AppError} and nothing else.
 */
export type Backend = { [Name in keyof Calls]: Call<Calls[Name]> } & Events;

export interface Events {
  onChanged(listener: (change: Changed) => void): Unlisten;
  onJob(listener: (job: Job) => void): Unlisten;
  /** The link came, went or is reading, or another number of records waits. */
  onLink(listener: () => void): Unlisten;
}

/** Whatever was thrown, as the one shape of error the screens know. */
export function asAppError(thrown: unknown): AppError {
  if (typeof thrown === 'object' && thrown !== null && 'code' in thrown) {
    const { code, params } = thrown as Partial<AppError>;
    if (typeof code === 'string') return { code, params: params ?? {} };
  }
  return { code: 'internal', params: { detail: thrown instanceof Error ? thrown.message : String(thrown) } };
}
