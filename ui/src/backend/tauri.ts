import { invoke } from '@tauri-apps/api/core';
import { listen } from '@tauri-apps/api/event';
import { asAppError, type Backend, type Events, type Unlisten } from './backend';
import { clickedAt } from './clicked';

async function call(name: string, input: unknown): Promise<unknown> {
  try {
    return await invoke('call', { name, input, clickedAt: clickedAt() });
  } catch (thrown) {
    throw asAppError(thrown);
  }
}

/** Subscribes now; the end may be asked for before Tauri has answered the subscription. */
function subscribe<T>(event: string, listener: (payload: T) => void): Unlisten {
  let ended = false;
  const subscribed = listen<T>(event, ({ payload }) => {
    if (!ended) listener(payload);
  });
  return () => {
    ended = true;
    void subscribed.then((unlisten) => unlisten());
  };
}

const events: Events = {
  onChanged: (listener) => subscribe('changed', listener),
  onJob: (listener) => subscribe('job', listener),
  onLink: (listener) => subscribe('link', listener),
};

/** A name as Rust writes it. */
const snakeCase = (name: string) => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

/** The real side: the calls and events of the window's own process. Whatever isn't an event is a call by its name. */
export const tauriBackend = new Proxy(events, {
  get(target, name) {
    if (name in target) return target[name as keyof Events];
    // A promise would take an object with `then` for another promise.
    if (typeof name !== 'string' || name === 'then') return undefined;
    return (input: unknown = null) => call(snakeCase(name), input);
  },
}) as Backend;
