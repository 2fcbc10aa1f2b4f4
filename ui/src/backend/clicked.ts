/** What came of a click longer ago than this came of something else. */
const LONGEST_MS = 10_000;

let pressed: number | null = null;

/** The key, the button or the scanner's last character: a trace begins there (S9). */
for (const type of ['keydown', 'pointerdown'] as const) {
  globalThis.addEventListener?.(type, (event) => (pressed = event.timeStamp), {
    capture: true,
    passive: true,
  });
}

/** When the user last pressed something, in ms since 1970; now, where that was long ago. */
export function clickedAt(): number {
  const now = performance.now();
  const ago = pressed !== null && now - pressed <= LONGEST_MS ? now - pressed : 0;
  // Not from the page's beginning on: the system's clock may have been set since.
  return Date.now() - ago;
}
