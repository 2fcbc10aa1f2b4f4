import type { KeyboardEvent as ReactKeyboardEvent } from 'react';

/**
 * True while an input method still holds the key: an Enter that only ends a Hangul syllable must not
 * record anything. WebKitGTK tells it by key code 229 alone.
 */
export function isComposing(event: KeyboardEvent | ReactKeyboardEvent): boolean {
  const native = 'nativeEvent' in event ? event.nativeEvent : event;
  return native.isComposing || native.keyCode === 229;
}
