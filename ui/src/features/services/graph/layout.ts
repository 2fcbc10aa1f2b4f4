import { CALLERS, JOURNAL, KAFKA, type MapEdge, MYPAGE_DB } from './map';

export interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}

export interface Label {
  x: number;
  y: number;
  /** The side of the point (x, y) at which the label's text is placed. */
  side: 'above' | 'below' | 'right';
  /** Available width in pixels. */
  room: number;
}

export interface Route {
  /** Straight segments; the arrowhead is at the last point. */
  points: readonly (readonly [x: number, y: number])[];
  label: Label | null;
}

export interface Layout {
  width: number;
  height: number;
  boxes: ReadonlyMap<string, Box>;
  routes: ReadonlyMap<string, Route>;
  /**
   * Edges from Kafka to the other terminals that have a box. They have no labels: this terminal can't see their
   * traffic.
   */
  toTerminals: Route[];
  /** Terminals without a box of their own, for which the node `MORE` stands. */
  folded: string[];
}

/** The node that stands for all folded terminals. */
export const MORE = 'more';

/** The graph's minimum size: in a narrower area it is drawn smaller, in a lower one it scrolls. */
export const MIN_SIZE = { width: 688, height: 532 };
const MAX_SIZE = { width: 1600, rowHeight: 148 };
/** From this width of the graph on, its columns have their full width. */
const FULL_COLUMNS_WIDTH = 1_240;

const ROWS = ['check_in', 'pay', 'point', 'penalty', 'mypage'] as const;
/**
 * The distance from a box's middle of its two edges with the journal: writing facts above the middle, reading the
 * change feed below it.
 */
const JOURNAL_EDGE_OFFSET = 10;
const NODE_HEIGHT = 64;
const KAFKA_HEIGHT = 88;
const MYPAGE_DB_HEIGHT = 44;
const TERMINAL_HEIGHT = 62;
const TERMINAL_GAP = 10;
/** The lane above the rows, for the edge of facts that the callers record without a context. */
const TOP_LANE = { top: 12, line: 44, height: 60 };
const FOOT_HEIGHT = 8;
const TERMINALS_SHOWN = 6;

/**
 * Places nodes and edges. Columns from the left: callers, contexts, journal, replication with Kafka, other terminals.
 * Pay is directly above point and penalty directly below it, since only these two send requests to another context.
 */
export function layOut(
  size: { width: number; height: number },
  edges: readonly Pick<MapEdge, 'id' | 'from' | 'to'>[],
  terminals: readonly string[],
): Layout {
  const width = Math.max(size.width, MIN_SIZE.width);
  const height = Math.max(size.height, MIN_SIZE.height);
  const columns = columnsOf(width);
  const rowHeight = Math.min(MAX_SIZE.rowHeight, (height - TOP_LANE.height - FOOT_HEIGHT) / ROWS.length);
  const top = (height - TOP_LANE.height - FOOT_HEIGHT - rowHeight * ROWS.length) / 2;
  const middle = (row: number) => top + TOP_LANE.height + rowHeight * (row + 0.5);
  const inColumn = ({ x, width: wide }: Column, at: number, tall: number): Box => ({
    x,
    y: at - tall / 2,
    width: wide,
    height: tall,
  });

  const boxes = new Map<string, Box>();
  const first = top + TOP_LANE.top;
  const bottom = middle(4) + NODE_HEIGHT / 2;
  boxes.set(CALLERS, { ...inColumn(columns.callers, 0, 0), y: first, height: bottom - first });
  for (const [row, name] of ROWS.entries())
    boxes.set(name, inColumn(columns.contexts, middle(row), NODE_HEIGHT));
  boxes.set(JOURNAL, { ...inColumn(columns.journal, 0, 0), y: first, height: middle(4) - 2 - first });
  boxes.set(MYPAGE_DB, {
    ...inColumn(columns.journal, 0, MYPAGE_DB_HEIGHT),
    y: middle(4) + 6,
    width: columns.journal.width + 40,
  });
  boxes.set('publisher', inColumn(columns.replication, middle(0.5), NODE_HEIGHT));
  boxes.set(KAFKA, inColumn(columns.replication, middle(2), KAFKA_HEIGHT));
  boxes.set('consumer', inColumn(columns.replication, middle(3.5), NODE_HEIGHT));

  const isFolded = terminals.length > TERMINALS_SHOWN;
  const shown = isFolded ? [...terminals.slice(0, TERMINALS_SHOWN - 1), MORE] : terminals;
  const step = TERMINAL_HEIGHT + TERMINAL_GAP;
  for (const [at, id] of shown.entries()) {
    boxes.set(
      id,
      inColumn(columns.terminals, middle(2) + (at - (shown.length - 1) / 2) * step, TERMINAL_HEIGHT),
    );
  }

  const lane = top + TOP_LANE.line;
  const routes = new Map<string, Route>();
  for (const { id, from, to } of edges) {
    const [start, end] = [boxes.get(from), boxes.get(to)];
    if (start && end) routes.set(id, routeOf(from, to, start, end, lane));
  }
  return {
    width,
    height,
    boxes,
    routes,
    toTerminals: terminalRoutes(
      boxes.get(KAFKA),
      shown.map((id) => boxes.get(id)),
    ),
    folded: isFolded ? terminals.slice(TERMINALS_SHOWN - 1) : [],
  };
}

interface Column {
  x: number;
  width: number;
}

/** Distributes the width to both boxes and gaps, so that texts in boxes have more room in a wide window. */
function columnsOf(width: number) {
  const used = Math.min(width, MAX_SIZE.width);
  const grown = Math.min(1, (used - MIN_SIZE.width) / (FULL_COLUMNS_WIDTH - MIN_SIZE.width));
  const between = (least: number, most: number) => least + (most - least) * grown;
  const wide = {
    callers: between(60, 88),
    contexts: between(116, 196),
    journal: between(60, 84),
    replication: between(104, 148),
    terminals: between(84, 200),
  };
  // The same margin as the screen's header.
  const edge = used < 800 ? 16 : 24;
  const last = between(18, 48);
  const boxes = Object.values(wide).reduce((sum, one) => sum + one, 0);
  const gap = (used - boxes - 2 * edge - last) / 3;
  let x = edge + (width - used) / 2;
  const next = (name: keyof typeof wide, before: number): Column => {
    x += before;
    const column = { x, width: wide[name] };
    x += wide[name];
    return column;
  };
  return {
    callers: next('callers', 0),
    contexts: next('contexts', gap),
    journal: next('journal', gap),
    replication: next('replication', gap),
    terminals: next('terminals', last),
  };
}

function routeOf(from: string, to: string, start: Box, end: Box, lane: number): Route {
  const sameColumn = start.x === end.x && from !== JOURNAL;
  if (sameColumn) return vertical(start, end);
  if (from === CALLERS && to === JOURNAL) return horizontal(start, end, lane, 'above');
  const inner = from === JOURNAL || from === CALLERS ? end : start;
  const middle = inner.y + inner.height / 2;
  if (to === MYPAGE_DB) return horizontal(start, end, end.y + end.height / 2, 'above');
  if (from === 'mypage' || to === 'mypage') {
    return horizontal(start, end, from === JOURNAL ? middle - JOURNAL_EDGE_OFFSET - 4 : middle, 'above');
  }
  const follows = ['check_in', 'point', 'penalty'];
  if (to === JOURNAL && follows.includes(from))
    return horizontal(start, end, middle - JOURNAL_EDGE_OFFSET, 'above');
  if (from === JOURNAL && follows.includes(to))
    return horizontal(start, end, middle + JOURNAL_EDGE_OFFSET, 'below');
  return horizontal(start, end, middle, 'above');
}

function horizontal(start: Box, end: Box, y: number, side: 'above' | 'below'): Route {
  const isRight = start.x < end.x;
  const [x1, x2] = isRight ? [start.x + start.width, end.x] : [start.x, end.x + end.width];
  const points = [[x1, y] as const, [x2, y] as const];
  return { points, label: { x: (x1 + x2) / 2, y, side, room: Math.abs(x2 - x1) } };
}

/** Returns a vertical edge, left of the boxes' middle, so that there is room for its label on the right. */
function vertical(start: Box, end: Box): Route {
  const x = start.x + Math.round(start.width * 0.2);
  const isDown = start.y < end.y;
  const [y1, y2] = isDown ? [start.y + start.height, end.y] : [start.y, end.y + end.height];
  const points = [[x, y1] as const, [x, y2] as const];
  return {
    points,
    label: { x: x + 8, y: (y1 + y2) / 2, side: 'right', room: start.x + start.width - x - 8 },
  };
}

function terminalRoutes(kafka: Box | undefined, terminals: readonly (Box | undefined)[]): Route[] {
  if (!kafka) return [];
  const right = kafka.x + kafka.width;
  const y = kafka.y + kafka.height / 2;
  return terminals.flatMap((terminal) => {
    if (!terminal) return [];
    const turn = (right + terminal.x) / 2;
    const end = terminal.y + terminal.height / 2;
    return [
      {
        points: [[right, y] as const, [turn, y] as const, [turn, end] as const, [terminal.x, end] as const],
        label: null,
      },
    ];
  });
}

const DIRECTIONS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] } as const;
export type Arrow = keyof typeof DIRECTIONS;
export const isArrow = (key: string): key is Arrow => key in DIRECTIONS;

/** Returns the box to which an arrow key moves: the nearest one in that direction, preferring boxes straight ahead. */
export function neighbour(boxes: ReadonlyMap<string, Box>, from: string, arrow: Arrow): string | null {
  const here = boxes.get(from);
  if (!here) return null;
  const [dx, dy] = DIRECTIONS[arrow];
  const centre = ({ x, y, width, height }: Box) => [x + width / 2, y + height / 2] as const;
  const [x, y] = centre(here);
  const gap = (a: number, aSize: number, b: number, bSize: number) =>
    Math.max(0, Math.max(a, b) - Math.min(a + aSize, b + bSize));
  let best: { id: string; score: number } | null = null;
  for (const [id, box] of boxes) {
    const [bx, by] = centre(box);
    const ahead = (bx - x) * dx + (by - y) * dy;
    if (id === from || ahead <= 0) continue;
    const isHorizontal = dx !== 0;
    const aside = isHorizontal
      ? gap(here.y, here.height, box.y, box.height)
      : gap(here.x, here.width, box.x, box.width);
    const distance = isHorizontal
      ? gap(here.x, here.width, box.x, box.width)
      : gap(here.y, here.height, box.y, box.height);
    // The keys up and down stay in the same column.
    if (!isHorizontal && aside > 0) continue;
    if (isHorizontal && distance === 0) continue;
    const off = isHorizontal ? Math.abs(by - y) : Math.abs(bx - x);
    const score = distance + 2 * aside + off / 100;
    if (!best || score < best.score) best = { id, score };
  }
  return best?.id ?? null;
}
