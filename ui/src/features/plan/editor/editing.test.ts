import { describe, expect, it } from 'vitest';
import { coordinatesText, readCoordinates } from './coordinates';
import { arrowOf, drawingOver, fitted, moved, newShape, resized, scaled } from './editing';
import { PICTURE_MAX_BYTES, sizeOfBase64, smallEnough, targetSize } from './scalePicture';

const size = { width: 1000, height: 500 };
const shape = newShape('area', 0, size, 'east');

describe('a shape', () => {
  it('moves and grows to the edge of the drawing and no further', () => {
    expect(moved(shape, -5_000, 20, size)).toMatchObject({ x: 0, y: shape.y + 20 });
    expect(moved(shape, 5_000, 5_000, size)).toMatchObject({ x: 1000 - shape.width, y: 500 - shape.height });
    expect(resized(shape, 5_000, -5_000, size)).toMatchObject({ width: 1000 - shape.x, height: 10 });
    expect(moved(shape, 0.4, 0.6, size)).toMatchObject({ x: shape.x, y: shape.y + 1 });
  });

  it('is brought back when it is typed outside the drawing', () => {
    expect(fitted({ ...shape, x: 990, width: 5_000 }, size)).toMatchObject({ x: 0, width: 1000 });
    expect(fitted({ ...shape, x: 990, height: 0 }, size)).toMatchObject({
      x: 1000 - shape.width,
      height: 10,
    });
  });

  it('stays over the same part of a picture of another size', () => {
    const [half] = scaled([shape], size, { width: 500, height: 250 });
    expect(half).toMatchObject({ x: shape.x / 2, y: shape.y / 2, width: shape.width / 2 });
  });

  it('moves by arrow keys, with Ctrl in small steps', () => {
    expect(arrowOf('ArrowLeft', false)).toEqual({ dx: -10, dy: 0 });
    expect(arrowOf('ArrowDown', true)).toEqual({ dx: 0, dy: 1 });
    expect(arrowOf('Enter', false)).toBeNull();
  });

  it('can be drawn over a picture that is only a line', () => {
    expect(drawingOver({ width: 1600, height: 4 })).toEqual({ width: 1600, height: 100 });
  });
});

describe('a picture', () => {
  it('is drawn with sides of at most 1600, an SVG always', () => {
    expect(targetSize({ width: 8000, height: 4000 }, false)).toEqual({ width: 1600, height: 800 });
    expect(targetSize({ width: 80, height: 40 }, false)).toEqual({ width: 80, height: 40 });
    expect(targetSize({ width: 80, height: 40 }, true)).toEqual({ width: 1600, height: 800 });
    expect(targetSize({ width: 0, height: 0 }, true)).toEqual({ width: 1600, height: 1200 });
    expect(targetSize({ width: 1e9, height: 1 }, true)).toEqual({ width: 1600, height: 1 });
  });

  it('is encoded until it is small enough', () => {
    const tried: [number, number | null][] = [];
    const found = smallEnough((scale, quality) => {
      tried.push([scale, quality]);
      const isSmall = scale === 0.75 && quality === 0.7;
      return `data:image/jpeg;base64,${'A'.repeat(isSmall ? 4 : PICTURE_MAX_BYTES * 2)}`;
    });
    expect(found?.data).toBe('AAAA');
    expect(tried.slice(0, 2)).toEqual([
      [1, null],
      [1, 0.85],
    ]);
    expect(smallEnough(() => `,${'A'.repeat(PICTURE_MAX_BYTES * 2)}`)).toBeNull();
    expect([sizeOfBase64('QQ=='), sizeOfBase64('QUI='), sizeOfBase64('QUJD')]).toEqual([1, 2, 3]);
  });
});

describe('coordinates', () => {
  it('are read as maps copy them', () => {
    const seoul = { latitude: 37_566_500, longitude: 126_978_000 };
    expect(readCoordinates('37.5665, 126.978')).toEqual(seoul);
    expect(readCoordinates(coordinatesText(seoul))).toEqual(seoul);
    expect(readCoordinates(' ')).toBeNull();
    for (const bad of ['37.5', '91, 0', '0, 181', 'x, y', '37.5,126.9,1']) {
      expect(readCoordinates(bad), bad).toBeUndefined();
    }
  });
});
