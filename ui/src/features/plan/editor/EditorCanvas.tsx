import { type KeyboardEvent, type PointerEvent, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { Shape } from '../../../backend';
import classes from '../Plan.module.css';
import { letterSize, ShapeText } from '../PlanDrawing';
import { arrowOf, moved, resized, type Size } from './editing';

interface EditorCanvasProps {
  size: Size;
  picture: string | null;
  shapes: readonly Shape[];
  names: readonly string[];
  chosen: number | null;
  onChoose: (index: number | null) => void;
  onChange: (index: number, shape: Shape) => void;
  onRemove: (index: number) => void;
}

/** Where the pointer went down, with the shape as it was then. */
interface Drag {
  index: number;
  isCorner: boolean;
  x: number;
  y: number;
  shape: Shape;
}

/** The drawing in which shapes are moved and sized, by pointer or by arrow keys. */
export function EditorCanvas(props: EditorCanvasProps) {
  const { size, picture, shapes, names, chosen, onChoose, onChange, onRemove } = props;
  const { t } = useTranslation('plan');
  const svg = useRef<SVGSVGElement>(null);
  const drag = useRef<Drag | null>(null);
  const letters = letterSize(size);

  const begin = (event: PointerEvent<SVGElement>, index: number, isCorner: boolean) => {
    const shape = shapes[index];
    if (event.button !== 0 || !shape) return;
    event.stopPropagation();
    event.currentTarget.setPointerCapture(event.pointerId);
    drag.current = { index, isCorner, x: event.clientX, y: event.clientY, shape };
    onChoose(index);
  };
  const move = (event: PointerEvent<SVGElement>) => {
    const box = svg.current?.getBoundingClientRect();
    if (!drag.current || !box || box.width === 0) return;
    const { index, isCorner, x, y, shape } = drag.current;
    const unit = size.width / box.width;
    const change = isCorner ? resized : moved;
    onChange(index, change(shape, (event.clientX - x) * unit, (event.clientY - y) * unit, size));
  };
  const end = () => {
    drag.current = null;
  };
  const onKeyDown = (event: KeyboardEvent<SVGElement>, index: number, shape: Shape) => {
    const arrow = arrowOf(event.key, event.ctrlKey);
    if (arrow) {
      const change = event.shiftKey ? resized : moved;
      onChange(index, change(shape, arrow.dx, arrow.dy, size));
    } else if (event.key === 'Delete' || event.key === 'Backspace') {
      // A key that is held takes away one shape only.
      if (!event.repeat) {
        const before = event.currentTarget.previousElementSibling;
        if (before instanceof SVGElement) before.focus();
        onRemove(index);
      }
    } else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <div className={classes.drawing} style={{ aspectRatio: `${size.width} / ${size.height}` }}>
      {picture && <img className={classes.picture} src={picture} alt="" data-testid="plan-picture" />}
      {/* A group with a label, so that a screen reader passes the arrow keys to the shape that has the focus. */}
      <svg
        ref={svg}
        className={classes.shapes}
        viewBox={`0 0 ${size.width} ${size.height}`}
        role="group"
        aria-label={t('editor.canvas')}
        data-testid="plan-canvas"
        onPointerDown={() => onChoose(null)}
      >
        {shapes.map((shape, index) => (
          <g
            // biome-ignore lint/suspicious/noArrayIndexKey: shapes have no id, and their order is the plan's.
            key={index}
            className={classes.shape}
            data-kind={shape.kind}
            role="button"
            tabIndex={0}
            aria-pressed={index === chosen}
            aria-label={t('editor.shape', { ...shape, kind: t(`kind.${shape.kind}`), name: names[index] })}
            aria-keyshortcuts="ArrowLeft ArrowRight ArrowUp ArrowDown Delete"
            data-testid="plan-canvas-shape"
            onFocus={() => onChoose(index)}
            onKeyDown={(event) => onKeyDown(event, index, shape)}
            onPointerDown={(event) => begin(event, index, false)}
            onPointerMove={move}
            onPointerUp={end}
            onPointerCancel={end}
          >
            <rect x={shape.x} y={shape.y} width={shape.width} height={shape.height} rx={letters / 4} />
            <ShapeText shape={shape} size={letters} name={names[index] ?? ''} detail={null} />
            {index === chosen && (
              <rect
                className={classes.corner}
                x={shape.x + shape.width - letters / 2}
                y={shape.y + shape.height - letters / 2}
                width={letters}
                height={letters}
                data-testid="plan-corner"
                onPointerDown={(event) => begin(event, index, true)}
                onPointerMove={move}
                onPointerUp={end}
                onPointerCancel={end}
              />
            )}
          </g>
        ))}
      </svg>
    </div>
  );
}
