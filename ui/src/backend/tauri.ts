import { invoke } from '@tauri-apps/api/core';
import { listen } from '@tauri-apps/api/event';
import { asAppError, type Backend, type Unlisten } from './backend';
import { clickedAt } from './clicked';
import { remoteBackend } from './remote';
import type { EventPayloads } from './types';

async function call(name: string, input: unknown): Promise<unknown> {
  try {
    return await invoke('call', { name, input, clickedAt: clickedAt() });
  } catch (thrown) {
    throw asAppError(thrown);
  }
}

/** Subscribes to an event. The returned function also works before Tauri has confirmed the subscription. */
function subscribe<Name extends keyof EventPayloads>(
  event: Name,
  listener: (payload: EventPayloads[Name]) => void,
): Unlisten {
  let ended = false;
  const subscribed = listen<EventPayloads[Name]>(event, ({ payload }) => {
    if (!ended) listener(payload);
  });
  return () => {
    ended = true;
    void subscribed.then((unlisten) => unlisten());
  };
}

/** The backend in the program's window: calls the process of the window through Tauri. */
export const tauriBackend: Backend = remoteBackend(call, subscribe);
