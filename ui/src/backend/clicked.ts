/** A call this long after the last key press or click has another cause, such as a timer. */
const CLICK_AGE_MAX_MS = 10_000;

let pressed: number | null = null;

/** Remember the time of each key press (also of a scanner) and click, because a trace begins at that time (S9). */
for (const type of ['keydown', 'pointerdown'] as const) {
  globalThis.addEventListener?.(type, (event) => (pressed = event.timeStamp), {
    capture: true,
    passive: true,
  });
}

/** Returns the time of the last key press or click, in ms since 1970; the current time if there was none recently. */
export function clickedAt(): number {
  const now = performance.now();
  const ago = pressed !== null && now - pressed <= CLICK_AGE_MAX_MS ? now - pressed : 0;
  // Subtracts from the current time, because the system's clock may have been set since the page's start.
  return Date.now() - ago;
}
