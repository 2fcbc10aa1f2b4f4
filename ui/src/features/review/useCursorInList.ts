import { type RefObject, useEffect, useRef } from 'react';

/**
 * Keeps the cursor in the inbox when an item that had it is settled and goes: it moves to the head of the item that takes its
 * place, or of an empty inbox to the filter. `keys` are those of the items, in the order of the screen.
 */
export function useCursorInList(sheet: RefObject<HTMLElement | null>, keys: readonly string[]) {
  const before = useRef(keys);
  useEffect(() => {
    const gone = before.current.findIndex((key) => !keys.includes(key));
    before.current = keys;
    // The browser gives the cursor to nobody when the element that has it is removed.
    if (gone === -1 || document.activeElement !== document.body) return;
    const heads = [...(sheet.current?.querySelectorAll<HTMLElement>('li > [aria-expanded]') ?? [])];
    const next = heads[gone] ?? heads.at(-1) ?? sheet.current?.querySelector<HTMLElement>('select');
    next?.focus();
  });
}
