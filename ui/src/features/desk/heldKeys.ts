import { asTextField, setText } from '../../shared/scan/field';
import { replayed } from '../../shared/scan/signals';
import { FOCUS_WAIT_MAX_MS } from './waits';

/** A key pressed while an action was still waiting for its customer or its dialog. */
export type HeldKey = Pick<KeyboardEvent, 'key' | 'code'>;

const FOCUS_POLL_MS = 10;

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** Waits until a dialog has the cursor; false if none takes it. */
export async function dialogHasCursor(): Promise<boolean> {
  for (let waited = 0; waited < FOCUS_WAIT_MAX_MS; waited += FOCUS_POLL_MS) {
    if (document.activeElement?.closest('[role="dialog"]')) return true;
    await pause(FOCUS_POLL_MS);
  }
  return false;
}

/** Types a held key where the cursor is now, as if it had been pressed only now. */
export async function type({ key, code }: HeldKey): Promise<void> {
  const target = document.activeElement ?? document.body;
  const field = asTextField(target);
  if (field && !field.readOnly && [...key].length === 1) {
    const [start, end] = [
      field.selectionStart ?? field.value.length,
      field.selectionEnd ?? field.value.length,
    ];
    setText(field, field.value.slice(0, start) + key + field.value.slice(end));
    // React renders the typed text before the next key.
    return void (await pause(0));
  }
  const press = new KeyboardEvent('keydown', { key, code, bubbles: true, cancelable: true });
  replayed.add(press);
  if (target.dispatchEvent(press) && key === 'Enter') {
    const form = target.closest('form');
    if (form) form.requestSubmit();
    else if (target instanceof HTMLButtonElement) target.click();
  }
  await pause(0);
}
