import { expect, it } from 'vitest';
import { ZOOM_NORMAL, ZOOM_STEPS, zoomIn, zoomOut } from './zoom';

it('goes through all steps of the zoom and stays at the ends', () => {
  const seen = [ZOOM_NORMAL];
  for (const _ of ZOOM_STEPS) seen.push(zoomIn(seen.at(-1) ?? ZOOM_NORMAL));
  expect(seen).toEqual([100, 110, 125, 150, 175, 200, 200]);
  for (const _ of ZOOM_STEPS) seen.push(zoomOut(seen.at(-1) ?? ZOOM_NORMAL));
  expect(seen.slice(-6)).toEqual([175, 150, 125, 110, 100, 100]);
});
