/** The steps of the window's zoom in percent. */
export const ZOOM_STEPS = [100, 110, 125, 150, 175, 200] as const;

/** The zoom without a step. */
export const ZOOM_PLAIN = ZOOM_STEPS[0];

/** Returns the next larger step, or the largest. */
export const zoomIn = (percent: number): number =>
  ZOOM_STEPS.find((step) => step > percent) ?? ZOOM_STEPS[ZOOM_STEPS.length - 1] ?? percent;

/** Returns the next smaller step, or the smallest. */
export const zoomOut = (percent: number): number =>
  ZOOM_STEPS.findLast((step) => step < percent) ?? ZOOM_PLAIN;

/** Returns the zoom after a key with Ctrl: `+` and `=`, `-`, or `0`; null if the key doesn't zoom. */
export function zoomByKey(key: string, percent: number): number | null {
  switch (key) {
    case '+':
    case '=':
      return zoomIn(percent);
    case '-':
    case '_':
      return zoomOut(percent);
    case '0':
      return ZOOM_PLAIN;
    default:
      return null;
  }
}
