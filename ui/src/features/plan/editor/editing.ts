import type { Shape, ShapeKind } from '../../../backend';

/** The limits of the program. */
export const SHAPES_MAX = 100;
export const SHAPE_SIDE_MIN = 10;
export const LABEL_MAX = 40;
const DRAWING_SIDE_MIN = 100;
/** The size of a plan that is drawn from scratch. */
export const BLANK = { width: 1200, height: 800 };
/** How far an arrow key moves a shape, and with Ctrl. */
export const STEP = 10;
export const FINE_STEP = 1;

export interface Size {
  width: number;
  height: number;
}

const clamp = (value: number, min: number, max: number) => Math.round(Math.min(Math.max(value, min), max));

/** Moves a shape, at most to the edge of the drawing. */
export const moved = (shape: Shape, dx: number, dy: number, size: Size): Shape => ({
  ...shape,
  x: clamp(shape.x + dx, 0, size.width - shape.width),
  y: clamp(shape.y + dy, 0, size.height - shape.height),
});

/** Moves the lower right corner of a shape. */
export const resized = (shape: Shape, dw: number, dh: number, size: Size): Shape => ({
  ...shape,
  width: clamp(shape.width + dw, SHAPE_SIDE_MIN, size.width - shape.x),
  height: clamp(shape.height + dh, SHAPE_SIDE_MIN, size.height - shape.y),
});

/** Brings typed numbers into the drawing. */
export function fitted(shape: Shape, size: Size): Shape {
  const width = clamp(shape.width, SHAPE_SIDE_MIN, size.width);
  const height = clamp(shape.height, SHAPE_SIDE_MIN, size.height);
  return moved({ ...shape, width, height }, 0, 0, size);
}

/** A new shape in the middle, a little further for each that is there. */
export function newShape(kind: ShapeKind, count: number, size: Size, area: string | null): Shape {
  const side = kind === 'entrance' ? { width: 0.1, height: 0.05 } : { width: 0.2, height: 0.2 };
  const shift = (count % 8) * 2 * STEP;
  const shape: Shape = {
    kind,
    x: Math.round(size.width * 0.3) + shift,
    y: Math.round(size.height * 0.3) + shift,
    width: Math.round(size.width * side.width),
    height: Math.round(size.height * side.height),
    area,
    label: null,
    at: null,
  };
  return fitted(shape, size);
}

/** Keeps the shapes over the same parts of a plan whose size has changed. */
export function scaled(shapes: readonly Shape[], from: Size, to: Size): Shape[] {
  const [fx, fy] = [to.width / from.width, to.height / from.height];
  return shapes.map((shape) =>
    fitted(
      {
        ...shape,
        x: Math.round(shape.x * fx),
        y: Math.round(shape.y * fy),
        width: Math.round(shape.width * fx),
        height: Math.round(shape.height * fy),
      },
      to,
    ),
  );
}

/** The size of the drawing over a picture: its sides, but none too short to draw in. */
export const drawingOver = ({ width, height }: Size): Size => ({
  width: Math.max(width, DRAWING_SIDE_MIN),
  height: Math.max(height, DRAWING_SIDE_MIN),
});

/** The change that an arrow key makes; null for another key. */
export function arrowOf(key: string, isFine: boolean): { dx: number; dy: number } | null {
  const step = isFine ? FINE_STEP : STEP;
  if (key === 'ArrowLeft') return { dx: -step, dy: 0 };
  if (key === 'ArrowRight') return { dx: step, dy: 0 };
  if (key === 'ArrowUp') return { dx: 0, dy: -step };
  if (key === 'ArrowDown') return { dx: 0, dy: step };
  return null;
}
