import { useTranslation } from 'react-i18next';
import { formatNumber } from '../../../shared/format';
import type { ServiceWords } from '../words';
import classes from './Graph.module.css';
import type { Label, Layout, Route } from './layout';
import type { MapEdge } from './map';

const CORNER_RADIUS = 8;
const ARROWHEAD = 7;
/** Label width in pixels from which the rate and the errors fit on one line. */
const RATE_AND_ERRORS_WIDTH = 128;
const LINE_HEIGHT = 15;
/** The average width of a letter in pixels, to estimate if a text fits. */
const LETTER_WIDTH = 5.4;

interface Props {
  layout: Layout;
  edges: readonly MapEdge[];
  chosen: string;
  words: ServiceWords;
}

/** Draws the edges under the nodes. Hidden from screen readers, because the pane lists each node's edges as text. */
export function Edges({ layout, edges, chosen, words }: Props) {
  const { width, height, routes, toTerminals } = layout;
  return (
    <svg className={classes.edges} width={width} height={height} aria-hidden="true">
      {toTerminals.map((route) => (
        <EdgeLine key={String(route.points.at(-1))} route={route} kind="event" tone="still" hasHead={false} />
      ))}
      {edges.map((edge) => {
        const route = routes.get(edge.id);
        if (!route) return null;
        const isNear = edge.from === chosen || edge.to === chosen;
        return (
          <g
            key={edge.id}
            data-testid="edge"
            data-id={edge.id}
            data-kind={edge.kind}
            data-tone={edge.tone}
            data-near={isNear || undefined}
          >
            <EdgeLine route={route} kind={edge.kind} tone={edge.tone} hasHead />
            {route.label && <EdgeLabel edge={edge} label={route.label} words={words} />}
          </g>
        );
      })}
    </svg>
  );
}

function EdgeLine({
  route: { points },
  kind,
  tone,
  hasHead,
}: {
  route: Route;
  kind: string;
  tone: string;
  hasHead: boolean;
}) {
  const [before, last] = points.slice(-2);
  if (!before || !last) return null;
  const dx = Math.sign(last[0] - before[0]);
  const dy = Math.sign(last[1] - before[1]);
  return (
    <g className={classes.line} data-kind={kind} data-tone={tone}>
      <path d={roundedPath(points)} />
      {hasHead && (
        <polygon
          points={[
            [last[0], last[1]],
            [last[0] - ARROWHEAD * dx - 3.5 * dy, last[1] - ARROWHEAD * dy - 3.5 * dx],
            [last[0] - ARROWHEAD * dx + 3.5 * dy, last[1] - ARROWHEAD * dy + 3.5 * dx],
          ].join(' ')}
        />
      )}
    </g>
  );
}

/** An SVG path of straight segments with rounded corners. */
function roundedPath(points: Route['points']): string {
  return points
    .map(([x, y], at) => {
      const [before, after] = [points[at - 1], points[at + 1]];
      if (!before) return `M${x} ${y}`;
      if (!after) return `L${x} ${y}`;
      const near = (other: readonly [number, number]) => {
        const length = Math.hypot(other[0] - x, other[1] - y);
        const part = length === 0 ? 0 : Math.min(CORNER_RADIUS, length / 2) / length;
        return `${x + (other[0] - x) * part} ${y + (other[1] - y) * part}`;
      };
      return `L${near(before)}Q${x} ${y} ${near(after)}`;
    })
    .join('');
}

/** An edge's label: the rate and the latencies, or errors and refusals if there are any. */
function EdgeLabel({ edge, label, words }: { edge: MapEdge; label: Label; words: ServiceWords }) {
  const { t } = useTranslation('services');
  const { measure, tone, kind } = edge;
  if (tone === 'still') return null;
  const { count, errors } = measure;
  const isRoomy = label.room >= RATE_AND_ERRORS_WIDTH;
  const wrong = errors > 0 ? t('edge.errors', { value: formatNumber(errors) }) : null;
  const lines: { text: string; isBad: boolean }[] = [];
  if (tone === 'blocked') {
    lines.push({ text: t(kind === 'request' ? 'edge.refused' : 'edge.blocked'), isBad: true });
    if (wrong) lines.push({ text: t('edge.times', { value: formatNumber(errors) }), isBad: true });
  } else if (count > 0) {
    const rate = words.rate(measure);
    if (wrong) lines.push({ text: isRoomy ? `${rate} · ${wrong}` : wrong, isBad: true });
    else lines.push({ text: rate, isBad: false });
    const both = words.latencies(measure);
    const latencies = both && both.length * LETTER_WIDTH > label.room ? words.highest(measure) : both;
    if (latencies) lines.push({ text: latencies, isBad: false });
  }
  if (lines.length === 0) return null;
  const { x, y, side } = label;
  const isBeside = side === 'right';
  const first =
    side === 'above'
      ? y - 6 - LINE_HEIGHT * (lines.length - 1)
      : side === 'below'
        ? y + 15
        : y + 4 - (LINE_HEIGHT / 2) * (lines.length - 1);
  return (
    <text className={classes.words} textAnchor={isBeside ? 'start' : 'middle'} data-testid="edge-words">
      {lines.map(({ text, isBad }, at) => (
        <tspan
          key={text}
          x={x}
          y={first + LINE_HEIGHT * at}
          data-bad={isBad || undefined}
          data-first={at === 0}
        >
          {text}
        </tspan>
      ))}
    </text>
  );
}
