import type { Zoom } from '../backend';

/** The steps of the zoom, in percent. */
export const ZOOM_STEPS: readonly Zoom[] = [100, 110, 125, 150, 175, 200];

/** The zoom at which the screens have their normal size. */
export const ZOOM_NORMAL: Zoom = 100;

const LARGEST: Zoom = 200;

/** Returns the next larger step, or the largest. */
export const zoomIn = (zoom: Zoom): Zoom => ZOOM_STEPS.find((step) => step > zoom) ?? LARGEST;

/** Returns the next smaller step, or the smallest. */
export const zoomOut = (zoom: Zoom): Zoom => ZOOM_STEPS.findLast((step) => step < zoom) ?? ZOOM_NORMAL;
