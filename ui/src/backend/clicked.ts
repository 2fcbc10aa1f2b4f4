/** A call this long after the last key press or click has another cause, such as a timer. */
const CLICK_AGE_MAX_MS = 10_000;

let pressed: number | null = null;
/** How far the clock of time stamps is behind `performance.now()`, at most: the least that any event has shown. */
let behind = Number.POSITIVE_INFINITY;

/** Remember the time of each key press (also of a scanner) and click, because a trace begins at that time (S9). */
for (const type of ['keydown', 'pointerdown'] as const) {
  globalThis.addEventListener?.(
    type,
    ({ timeStamp }) => {
      // In WebKitGTK time stamps have another zero than `performance.now()`, so the two can't be compared directly. Their
      // distance is constant, and an event is handled after its stamp: the smallest distance seen is the nearest to it.
      behind = Math.min(behind, performance.now() - timeStamp);
      pressed = timeStamp;
    },
    { capture: true, passive: true },
  );
}

/** Returns the time of the last key press or click, in ms since 1970; the current time if there was none recently. */
export function clickedAt(): number {
  const age = pressed === null ? 0 : performance.now() - behind - pressed;
  // Subtracts from the current time, because the system's clock may have been set since the page's start.
  return Date.now() - (age <= CLICK_AGE_MAX_MS ? age : 0);
}
