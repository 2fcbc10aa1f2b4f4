import { asTextField, setText } from './field';

const CARD_FIELD = '[data-scan="card"]';

const fieldIn = (element: Element | null) =>
  asTextField(element?.matches('input, textarea') ? element : (element?.querySelector('input') ?? null));

/** Puts a card into a card field, in place of what it held. */
export function fillCard(target: Element, card: string): void {
  const field = fieldIn(target);
  if (field && !field.readOnly && !field.disabled) setText(field, card);
}

/**
 * Returns the card field that waits for a card: the empty one of the open form. A field that already has a card is
 * filled only while it has the cursor.
 */
export function cardFieldToFill(): Element | null {
  const dialog = [...document.querySelectorAll('[role="dialog"]')].at(-1);
  const field = (dialog ?? document).querySelector(CARD_FIELD);
  return fieldIn(field)?.value === '' ? field : null;
}

/** Returns true while a dialog sends something that isn't decided yet. */
export const isDialogBusy = (): boolean => document.querySelector('[role="dialog"] [data-busy]') !== null;
