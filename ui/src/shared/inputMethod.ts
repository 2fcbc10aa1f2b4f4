import type { KeyboardEvent as ReactKeyboardEvent } from 'react';

/**
 * Returns true if an input method is handling the key: an Enter that only completes a Hangul syllable must not record
 * anything. WebKitGTK reports this only by the key code 229.
 */
export function isComposing(event: KeyboardEvent | ReactKeyboardEvent): boolean {
  const native = 'nativeEvent' in event ? event.nativeEvent : event;
  return native.isComposing || native.keyCode === 229;
}

/** Returns a key handler that acts on Enter without Ctrl, unless an input method is handling the key. */
export const onEnter = (act: () => void) => (event: ReactKeyboardEvent) => {
  if (event.key !== 'Enter' || event.ctrlKey || isComposing(event)) return;
  event.preventDefault();
  act();
};
