import { useEffect, useRef } from 'react';
import { flushSync } from 'react-dom';
import { type HotkeyMap, useHotkeys } from '../hotkeys';
import type { Layer } from '../layers';
import { readScanner } from './scannerSettings';
import { afterWaitingEvents, onScanBegin } from './signals';

/** A choice waits for two paces: a scan may have gaps of that length, and one of its digits must choose nothing. */
const waitMs = () => 2 * readScanner().paceMs;

interface Waiting {
  run: () => void;
  timer: ReturnType<typeof setTimeout>;
}

interface Options {
  inDialog?: boolean;
  /** Keys of the lock screen, or of an approval. */
  layer?: Layer | undefined;
  /** Leaves a key to the field that it is typed into. */
  unless?: (event: KeyboardEvent) => boolean;
}

/**
 * Registers keys of one character that choose something. A choice happens only after the pace of a scanner, if no other
 * character follows: the first digit of a scan looks just like a choice. Enter doesn't wait: it makes the choice at
 * once, and then does what it does.
 */
export function useChoiceKeys(choices: HotkeyMap, { inDialog = false, layer, unless }: Options = {}): void {
  const waiting = useRef<Waiting | null>(null);

  useEffect(() => {
    const drop = () => {
      clearTimeout(waiting.current?.timer);
      waiting.current = null;
    };
    const onKeyDown = ({ key, repeat }: KeyboardEvent) => {
      if (waiting.current === null || repeat) return;
      const { run } = waiting.current;
      if (key === 'Enter') {
        drop();
        // Rendered at once, so that the Enter submits what was chosen and not what was chosen before.
        flushSync(run);
      } else if ([...key].length === 1 || key === 'Escape') drop();
    };
    const unlisten = onScanBegin(drop);
    window.addEventListener('keydown', onKeyDown, true);
    return () => {
      unlisten();
      window.removeEventListener('keydown', onKeyDown, true);
      drop();
    };
  }, []);

  const hold = (act: HotkeyMap[string]) => (event: KeyboardEvent) => {
    if (unless?.(event)) return false;
    if (event.repeat) return true;
    const held: Waiting = {
      run: () => act?.(event),
      timer: setTimeout(
        () =>
          afterWaitingEvents(() => {
            if (waiting.current !== held) return;
            waiting.current = null;
            held.run();
          }),
        waitMs(),
      ),
    };
    waiting.current = held;
    return true;
  };
  useHotkeys(Object.fromEntries(Object.entries(choices).map(([key, act]) => [key, hold(act)])), {
    inDialog,
    layer,
  });
}
