import { describe, expect, it } from 'vitest';
import { ZOOM_PLAIN, ZOOM_STEPS, zoomByKey, zoomIn, zoomOut } from './zoom';

describe('zoom', () => {
  it('goes through all steps and stays at the ends', () => {
    let percent: number = ZOOM_PLAIN;
    const seen = [percent];
    for (let press = 0; press < ZOOM_STEPS.length; press += 1) {
      percent = zoomIn(percent);
      seen.push(percent);
    }
    expect(seen).toEqual([100, 110, 125, 150, 175, 200, 200]);
    for (let press = 0; press < ZOOM_STEPS.length; press += 1) percent = zoomOut(percent);
    expect(percent).toBe(100);
    expect(zoomOut(100)).toBe(100);
  });

  it('takes a value between two steps to the nearest one in that direction', () => {
    expect(zoomIn(120)).toBe(125);
    expect(zoomOut(120)).toBe(110);
    expect(zoomIn(80)).toBe(100);
    expect(zoomOut(500)).toBe(200);
  });

  it('follows the keys', () => {
    expect(zoomByKey('+', 100)).toBe(110);
    expect(zoomByKey('=', 150)).toBe(175);
    expect(zoomByKey('-', 150)).toBe(125);
    expect(zoomByKey('0', 175)).toBe(100);
    expect(zoomByKey('1', 175)).toBeNull();
  });
});
