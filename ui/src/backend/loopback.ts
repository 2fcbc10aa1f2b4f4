import { asAppError, type Backend, type Unlisten } from './backend';
import { clickedAt } from './clicked';
import { remoteBackend } from './remote';
import type { EventPayloads } from './types';

/** The port and the token that the program `nosmoke-loopback` (tests/loopback) prints at its start. */
export interface LoopbackAddress {
  port: number;
  token: string;
}

interface Polled {
  last: number;
  events: {
    [Name in keyof EventPayloads]: { name: Name; payload: EventPayloads[Name] };
  }[keyof EventPayloads][];
}

const RETRY_PAUSE_MS = 1_000;

type Listener = (payload: never) => void;

/**
 * Calls the real program over HTTP on 127.0.0.1, for development and tests. The production build doesn't contain this.
 */
export function loopbackBackend({ port, token }: LoopbackAddress): Backend {
  const request = (path: string, init: RequestInit = {}) =>
    fetch(`http://127.0.0.1:${port}${path}`, {
      ...init,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    });

  async function call(name: string, input: unknown): Promise<unknown> {
    let response: Response;
    try {
      const body = JSON.stringify({ input, clickedAt: clickedAt() });
      response = await request(`/calls/${name}`, { method: 'POST', body });
    } catch (thrown) {
      throw asAppError(thrown);
    }
    if (response.ok) return response.json();
    if (response.status !== 422) throw asAppError(new Error(`${name}: HTTP ${response.status}`));
    throw asAppError(await response.json());
  }

  const listeners = new Map<keyof EventPayloads, Set<Listener>>();
  const isListenedTo = () => [...listeners.values()].some(({ size }) => size > 0);
  let polling = false;

  async function poll(): Promise<void> {
    polling = true;
    let after: number | null = null;
    while (isListenedTo()) {
      try {
        const response = await request(after === null ? '/events' : `/events?after=${after}`);
        if (!response.ok) throw new Error(`HTTP ${response.status}`);
        const { last, events }: Polled = await response.json();
        after = last;
        for (const { name, payload } of events) {
          for (const listener of listeners.get(name) ?? []) listener(payload as never);
        }
      } catch {
        // The program has ended or restarted. A restarted program numbers its events from the beginning again.
        after = null;
        await new Promise((resolve) => setTimeout(resolve, RETRY_PAUSE_MS));
      }
    }
    polling = false;
  }

  function subscribe<Name extends keyof EventPayloads>(
    name: Name,
    listener: (payload: EventPayloads[Name]) => void,
  ): Unlisten {
    const ofName = listeners.get(name) ?? new Set();
    listeners.set(name, ofName.add(listener as Listener));
    if (!polling) void poll();
    return () => ofName.delete(listener as Listener);
  }

  return remoteBackend(call, subscribe);
}
