import type { ReactNode } from 'react';
import type { PlanView, Shape } from '../../backend';
import classes from './Plan.module.css';
import { fitText } from './shapes';

/** The size of letters, in units of the drawing. */
export const letterSize = ({ width, height }: { width: number; height: number }) =>
  Math.round(Math.max(width, height) / 42);

interface PlanDrawingProps {
  plan: Pick<PlanView, 'width' | 'height'>;
  /** The picture's `data:` address. An image runs no script and loads nothing, also an SVG. */
  picture: string | null;
  label: string;
  children: ReactNode;
}

/** A plan's picture with shapes over it. The same is told by the list beside it. */
export function PlanDrawing({ plan, picture, label, children }: PlanDrawingProps) {
  return (
    <div className={classes.drawing} style={{ aspectRatio: `${plan.width} / ${plan.height}` }}>
      {picture && <img className={classes.picture} src={picture} alt="" data-testid="plan-picture" />}
      <svg
        className={classes.shapes}
        viewBox={`0 0 ${plan.width} ${plan.height}`}
        role="img"
        aria-label={label}
        data-testid="plan-drawing"
      >
        {children}
      </svg>
    </div>
  );
}

interface ShapeTextProps {
  shape: Shape;
  size: number;
  name: string;
  detail: string | null;
}

/** The words on a shape, as far as they fit. */
export function ShapeText({ shape, size, name, detail }: ShapeTextProps) {
  const x = shape.x + shape.width / 2;
  const y = shape.y + shape.height / 2;
  const room = shape.width - size * 0.6;
  const hasTwo = detail !== null && shape.height >= size * 2.6;
  return (
    <g className={classes.words} fontSize={size} aria-hidden>
      <text x={x} y={hasTwo ? y - size * 0.25 : y + size * 0.35}>
        {fitText(hasTwo || detail === null ? name : detail, room, size)}
      </text>
      {hasTwo && (
        <text x={x} y={y + size * 1.1} className={classes.detail}>
          {fitText(detail, room, size)}
        </text>
      )}
    </g>
  );
}
