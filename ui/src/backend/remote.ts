import type { Backend, Unlisten } from './backend';
import type { EventPayloads } from './types';

/** Calls a function of the program by its name in Rust. Rejects with an `AppError`. */
export type CallByName = (name: string, input: unknown) => Promise<unknown>;

export type Subscribe = <Name extends keyof EventPayloads>(
  event: Name,
  listener: (payload: EventPayloads[Name]) => void,
) => Unlisten;

/** Converts a call's name to snake case, as in Rust. */
const snakeCase = (name: string) => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

/**
 * Returns a backend for a program in another process. Each property, except for the events, is a function that makes
 * the call of that name.
 */
export function remoteBackend(call: CallByName, subscribe: Subscribe): Backend {
  const events = {
    onChanged: (listener: Parameters<Backend['onChanged']>[0]) => subscribe('changed', listener),
    onJob: (listener: Parameters<Backend['onJob']>[0]) => subscribe('job', listener),
    onClosing: (listener: Parameters<Backend['onClosing']>[0]) => subscribe('closing', listener),
    onConnection: (listener: Parameters<Backend['onConnection']>[0]) => subscribe('connection', listener),
    onPrinter: (listener: Parameters<Backend['onPrinter']>[0]) => subscribe('printer', listener),
  };
  return new Proxy(events, {
    get(target, name) {
      if (name in target) return target[name as keyof typeof events];
      // No function `then`: with one, `await` would take the backend for a promise.
      if (typeof name !== 'string' || name === 'then') return undefined;
      return (input: unknown = null) => call(snakeCase(name), input);
    },
  }) as unknown as Backend;
}
