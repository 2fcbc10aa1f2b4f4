import { useEffect, useRef } from 'react';
import { isDialogOpen } from '../../shared/hotkeys';
import { isComposing } from '../../shared/inputMethod';
import { onScanBegin, replayed } from '../../shared/scan/signals';
import { dialogHasCursor, type HeldKey, type } from './heldKeys';
import { SEARCH_WAIT_MS } from './waits';

/** After an action that can't be done, digits and Enter were meant for its dialog: they go nowhere for this time. */
const REFUSED_MS = 1_000;

interface Options<Name extends string> {
  /** Returns true while the customer in hand isn't yet the one who is meant, as far as the action needs to know. */
  isPending: (name: Name) => boolean;
  /** Does the action; returns true if it opens a dialog, false if it can't be done, and says why. */
  act: (name: Name) => boolean | 'done';
  /** The customer didn't come in time. */
  onLate: () => void;
}

export interface ActionKeys<Name extends string> {
  /** Does the action, as soon as the customer is there. */
  press(name: Name): void;
  /** Gives up what waits. */
  drop(): void;
}

interface Held<Name> {
  name: Name | null;
  keys: HeldKey[];
  timer?: ReturnType<typeof setTimeout>;
}

/**
 * Keys do what is meant: an action waits for the customer who is being searched for, and what is typed meanwhile waits
 * for the action's dialog, instead of going into the search field and losing the customer.
 */
export function useActionKeys<Name extends string>(options: Options<Name>): ActionKeys<Name> {
  const latest = useRef(options);
  const held = useRef<Held<Name> | null>(null);
  const refusedAt = useRef(Number.NEGATIVE_INFINITY);

  const drop = () => {
    clearTimeout(held.current?.timer);
    held.current = null;
  };
  const run = async (name: Name) => {
    const own: Held<Name> = held.current ?? { name, keys: [] };
    clearTimeout(own.timer);
    own.name = null;
    held.current = own;
    const done = latest.current.act(name);
    if (done === false) refusedAt.current = performance.now();
    if (done === true && (await dialogHasCursor())) {
      for (let key = own.keys.shift(); key && held.current === own; key = own.keys.shift()) await type(key);
    }
    if (held.current === own) held.current = null;
  };
  const press = (name: Name) => {
    drop();
    refusedAt.current = Number.NEGATIVE_INFINITY;
    if (!latest.current.isPending(name)) return void run(name);
    const timer = setTimeout(() => {
      drop();
      refusedAt.current = performance.now();
      latest.current.onLate();
    }, SEARCH_WAIT_MS);
    held.current = { name, keys: [], timer };
  };

  // On each render, because whatever ends the waiting renders the desk again.
  useEffect(() => {
    latest.current = options;
    const name = held.current?.name;
    if (name != null && !options.isPending(name)) void run(name);
  });

  // Not in the layout phase: the detector of scans, further up, must see each key first.
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.altKey || event.metaKey || isComposing(event) || replayed.has(event)) return;
      const { key, code } = event;
      const isText = [...key].length === 1;
      if (!isText && key !== 'Enter') return;
      const isRefused = performance.now() - refusedAt.current < REFUSED_MS && !isDialogOpen();
      if (held.current) held.current.keys.push({ key, code });
      else if (isRefused && (key === 'Enter' || /^\d$/.test(key))) refusedAt.current = performance.now();
      else return;
      event.preventDefault();
      event.stopImmediatePropagation();
    };
    const giveUp = () => {
      clearTimeout(held.current?.timer);
      held.current = null;
      refusedAt.current = Number.NEGATIVE_INFINITY;
    };
    const unlisten = onScanBegin(giveUp);
    window.addEventListener('keydown', onKeyDown, true);
    return () => {
      giveUp();
      unlisten();
      window.removeEventListener('keydown', onKeyDown, true);
    };
  }, []);

  return { press, drop };
}
