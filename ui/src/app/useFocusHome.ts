import { type RefObject, useEffect, useRef } from 'react';
import { topLayer } from '../shared/layers';

/** What has the cursor by itself, such as a dialog that opens or a field of a new screen, has it within this time. */
const SETTLED_MS = 60;
/** The places of the cursor that are remembered: a menu's button, a dialog's opener. */
const REMEMBERED_MAX = 6;

function isLost(): boolean {
  const { activeElement, body } = document;
  const hasNone = activeElement === null || activeElement === body || !activeElement.isConnected;
  return hasNone && topLayer() === undefined && document.querySelector('[role="dialog"]') === null;
}

const homeOf = ({ current }: RefObject<HTMLElement | null>) =>
  current?.querySelector<HTMLElement>('[data-home]') ?? current;

/**
 * Keeps the cursor from being lost. When what had it is gone (a dialog, a menu, a screen), it returns to the last place that
 * is still there; else to the part of the screen marked `data-home`, which scrolls; else to the screen itself. A press of
 * the pointer beside everything loses nothing: it may select a text.
 */
export function useFocusHome(screen: string, panel: RefObject<HTMLElement | null>): void {
  const visited = useRef<HTMLElement[]>([]);
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const look = () => {
      visited.current = visited.current.filter((one) => one.isConnected);
      if (isLost()) (visited.current.at(-1) ?? homeOf(panel))?.focus({ preventScroll: true });
    };
    const lookSoon = () => {
      clearTimeout(timer);
      timer = setTimeout(look, SETTLED_MS);
    };
    const onFocusIn = ({ target }: FocusEvent) => {
      if (!(target instanceof HTMLElement) || !panel.current?.contains(target)) return;
      visited.current = [...visited.current.filter((one) => one !== target), target].slice(-REMEMBERED_MAX);
    };
    // Dialogs and menus are in portals, which are children of the body; their end is no event of its own.
    const observer = new MutationObserver(() => {
      watchPortals();
      lookSoon();
    });
    const watchPortals = () => {
      for (const portal of document.querySelectorAll('body > [data-portal]'))
        observer.observe(portal, { childList: true });
    };
    observer.observe(document.body, { childList: true });
    watchPortals();
    document.addEventListener('focusin', onFocusIn);
    document.addEventListener('keyup', lookSoon);
    return () => {
      clearTimeout(timer);
      observer.disconnect();
      document.removeEventListener('focusin', onFocusIn);
      document.removeEventListener('keyup', lookSoon);
    };
  }, [panel]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another screen is shown.
  useEffect(() => {
    const timer = setTimeout(() => isLost() && homeOf(panel)?.focus({ preventScroll: true }), SETTLED_MS);
    return () => clearTimeout(timer);
  }, [screen, panel]);
}
