export type TextField = HTMLInputElement | HTMLTextAreaElement;

const TEXT_TYPES = new Set(['text', 'search', 'tel', 'url', 'email', 'password', 'number']);

export function asTextField(element: Element | null): TextField | null {
  if (element instanceof HTMLTextAreaElement) return element;
  return element instanceof HTMLInputElement && TEXT_TYPES.has(element.type) ? element : null;
}

/** What a field held before a run of keys began. */
export interface FieldBefore {
  field: TextField;
  value: string;
  selection: readonly [number | null, number | null];
}

export function fieldBefore(element: Element | null): FieldBefore | null {
  const field = asTextField(element);
  return field && { field, value: field.value, selection: [field.selectionStart, field.selectionEnd] };
}

/** Sets a field's text as typing does, so that React's handlers see the change. */
export function setText(field: TextField, text: string): void {
  if (field.value === text) return;
  const prototype =
    field instanceof HTMLTextAreaElement ? HTMLTextAreaElement.prototype : HTMLInputElement.prototype;
  Object.getOwnPropertyDescriptor(prototype, 'value')?.set?.call(field, text);
  field.dispatchEvent(new Event('input', { bubbles: true }));
}

/** Takes back what a scan's letters wrote. */
export function restore({ field, value, selection: [start, end] }: FieldBefore, isComposed = false): void {
  if (!field.isConnected || field.readOnly || field.disabled) return;
  if (isComposed && document.activeElement === field) {
    // Ends the input method's composition: it would write its syllable into the text that is put back.
    field.blur();
    field.focus();
  }
  setText(field, value);
  if (start !== null && document.activeElement === field) field.setSelectionRange(start, end);
}
