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
  /** Where its text stands from there. */
  side: 'above' | 'below' | 'right';
  /** Pixels that it may take. */
  room: number;
}

export interface Way {
  /** Straight pieces, the head at the last. */
  points: readonly (readonly [x: number, y: number])[];
  label: Label | null;
}

export interface Layout {
  width: number;
  height: number;
  boxes: ReadonlyMap<string, Box>;
  ways: ReadonlyMap<string, Way>;
  /** From Kafka to each terminal that has a box: nothing is seen of what passes there. */
  toTerminals: Way[];
  /** Terminals that have no box of their own. */
  folded: string[];
}

/** Stands for the terminals that are folded. */
export const MORE = 'more';

/** Smaller than this it is scrolled; the window is never so small that its width is. */
export const LEAST = { width: 688, height: 532 };
const MOST = { width: 1600, rowHeight: 148 };
const ROOMY = 1_240;

const ROWS = ['check_in', 'pay', 'point', 'penalty', 'mypage'] as const;
/** Of contexts that follow the feed: what they record leaves above the middle, what they read comes in below it. */
const APART = 10;
const NODE = 64;
const KAFKA_HEIGHT = 88;
const MYPAGE_DB_HEIGHT = 44;
const TERMINAL = 62;
const TERMINAL_GAP = 10;
/** Above the rows: the way of records that no context owns. */
const LANE = { top: 12, line: 44, height: 60 };
const FOOT = 8;
const TERMINALS_SHOWN = 6;

/**
 * Places nodes and edges. Columns from the left: the way in, contexts, the journal, what exchanges with other terminals, the
 * terminals. Pay stands above point and penalty below it, so that their requests are the only ones between contexts.
 */
export function layOut(
  size: { width: number; height: number },
  edges: readonly Pick<MapEdge, 'id' | 'from' | 'to'>[],
  terminals: readonly string[],
): Layout {
  const width = Math.max(size.width, LEAST.width);
  const height = Math.max(size.height, LEAST.height);
  const columns = columnsOf(width);
  const rowHeight = Math.min(MOST.rowHeight, (height - LANE.height - FOOT) / ROWS.length);
  const top = (height - LANE.height - FOOT - rowHeight * ROWS.length) / 2;
  const middle = (row: number) => top + LANE.height + rowHeight * (row + 0.5);
  const inColumn = ({ x, width: wide }: Column, at: number, tall: number): Box => ({
    x,
    y: at - tall / 2,
    width: wide,
    height: tall,
  });

  const boxes = new Map<string, Box>();
  const first = top + LANE.top;
  const bottom = middle(4) + NODE / 2;
  boxes.set(CALLERS, { ...inColumn(columns.callers, 0, 0), y: first, height: bottom - first });
  for (const [row, name] of ROWS.entries()) boxes.set(name, inColumn(columns.contexts, middle(row), NODE));
  boxes.set(JOURNAL, { ...inColumn(columns.journal, 0, 0), y: first, height: middle(4) - 2 - first });
  boxes.set(MYPAGE_DB, {
    ...inColumn(columns.journal, 0, MYPAGE_DB_HEIGHT),
    y: middle(4) + 6,
    width: columns.journal.width + 40,
  });
  boxes.set('publisher', inColumn(columns.exchange, middle(0.5), NODE));
  boxes.set(KAFKA, inColumn(columns.exchange, middle(2), KAFKA_HEIGHT));
  boxes.set('consumer', inColumn(columns.exchange, middle(3.5), NODE));

  const isFolded = terminals.length > TERMINALS_SHOWN;
  const shown = isFolded ? [...terminals.slice(0, TERMINALS_SHOWN - 1), MORE] : terminals;
  const step = TERMINAL + TERMINAL_GAP;
  for (const [at, id] of shown.entries()) {
    boxes.set(id, inColumn(columns.terminals, middle(2) + (at - (shown.length - 1) / 2) * step, TERMINAL));
  }

  const lane = top + LANE.line;
  const ways = new Map<string, Way>();
  for (const { id, from, to } of edges) {
    const [start, end] = [boxes.get(from), boxes.get(to)];
    if (start && end) ways.set(id, wayOf(from, to, start, end, lane));
  }
  return {
    width,
    height,
    boxes,
    ways,
    toTerminals: branches(
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

/** Boxes and the gaps between them grow together, so that a wide window has room for words and not just for air. */
function columnsOf(width: number) {
  const used = Math.min(width, MOST.width);
  const grown = Math.min(1, (used - LEAST.width) / (ROOMY - LEAST.width));
  const between = (least: number, most: number) => least + (most - least) * grown;
  const wide = {
    callers: between(60, 88),
    contexts: between(124, 196),
    journal: between(60, 84),
    exchange: between(112, 148),
    terminals: between(84, 200),
  };
  // As the screen's head has it.
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
    exchange: next('exchange', gap),
    terminals: next('terminals', last),
  };
}

function wayOf(from: string, to: string, start: Box, end: Box, lane: number): Way {
  const sameColumn = start.x === end.x && from !== JOURNAL;
  if (sameColumn) return upright(start, end);
  if (from === CALLERS && to === JOURNAL) return level(start, end, lane, 'above');
  const inner = from === JOURNAL || from === CALLERS ? end : start;
  const middle = inner.y + inner.height / 2;
  if (to === MYPAGE_DB) return level(start, end, end.y + end.height / 2, 'above');
  if (from === 'mypage' || to === 'mypage') {
    return level(start, end, from === JOURNAL ? middle - APART - 4 : middle, 'above');
  }
  const follows = ['check_in', 'point', 'penalty'];
  if (to === JOURNAL && follows.includes(from)) return level(start, end, middle - APART, 'above');
  if (from === JOURNAL && follows.includes(to)) return level(start, end, middle + APART, 'below');
  return level(start, end, middle, 'above');
}

function level(start: Box, end: Box, y: number, side: 'above' | 'below'): Way {
  const isRight = start.x < end.x;
  const [x1, x2] = isRight ? [start.x + start.width, end.x] : [start.x, end.x + end.width];
  const points = [[x1, y] as const, [x2, y] as const];
  return { points, label: { x: (x1 + x2) / 2, y, side, room: Math.abs(x2 - x1) } };
}

/** Left of the middle, so that its label has room beside it. */
function upright(start: Box, end: Box): Way {
  const x = start.x + Math.round(start.width * 0.2);
  const isDown = start.y < end.y;
  const [y1, y2] = isDown ? [start.y + start.height, end.y] : [start.y, end.y + end.height];
  const points = [[x, y1] as const, [x, y2] as const];
  return {
    points,
    label: { x: x + 8, y: (y1 + y2) / 2, side: 'right', room: start.x + start.width - x - 8 },
  };
}

function branches(kafka: Box | undefined, terminals: readonly (Box | undefined)[]): Way[] {
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

const STEPS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] } as const;
export type Arrow = keyof typeof STEPS;
export const isArrow = (key: string): key is Arrow => key in STEPS;

/** The box that an arrow key goes to: the nearest of those that lie that way, one straight ahead before one aside. */
export function neighbour(boxes: ReadonlyMap<string, Box>, from: string, arrow: Arrow): string | null {
  const here = boxes.get(from);
  if (!here) return null;
  const [dx, dy] = STEPS[arrow];
  const centre = ({ x, y, width, height }: Box) => [x + width / 2, y + height / 2] as const;
  const [x, y] = centre(here);
  const apart = (a: number, aSize: number, b: number, bSize: number) =>
    Math.max(0, Math.max(a, b) - Math.min(a + aSize, b + bSize));
  let best: { id: string; score: number } | null = null;
  for (const [id, box] of boxes) {
    const [bx, by] = centre(box);
    const ahead = (bx - x) * dx + (by - y) * dy;
    if (id === from || ahead <= 0) continue;
    const isLevel = dx !== 0;
    const aside = isLevel
      ? apart(here.y, here.height, box.y, box.height)
      : apart(here.x, here.width, box.x, box.width);
    const onward = isLevel
      ? apart(here.x, here.width, box.x, box.width)
      : apart(here.y, here.height, box.y, box.height);
    // Above or below means in the same column.
    if (!isLevel && aside > 0) continue;
    if (isLevel && onward === 0) continue;
    const off = isLevel ? Math.abs(by - y) : Math.abs(bx - x);
    const score = onward + 2 * aside + off / 100;
    if (!best || score < best.score) best = { id, score };
  }
  return best?.id ?? null;
}
