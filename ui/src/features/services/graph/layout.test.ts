import { describe, expect, it } from 'vitest';
import { createMockBackend } from '../../../backend/mock';
import { type Box, layOut, MIN_SIZE, MORE, neighbour } from './layout';
import { CALLERS, JOURNAL, KAFKA, MYPAGE_DB, serviceMap } from './map';

const backend = createMockBackend({ sync: 'online', services: 'many' });
const { edges, terminals } = serviceMap(await backend.services(), 'recent');
const ids = terminals.map(({ id }) => id);
/** Sizes of the graph in windows of 1024x700, 1280x800, 1920x1080, 1280x800 with a job in the dock, huge and tiny. */
const SIZES = [
  [688, 548],
  [880, 648],
  [1520, 928],
  [880, 600],
  [2400, 1300],
  [300, 200],
] as const;

const centre = ({ x, y, width, height }: Box) => [x + width / 2, y + height / 2] as const;
const overlap = (a: Box, b: Box) =>
  a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;

describe.each(SIZES)('layout in %i x %i', (width, height) => {
  const layout = layOut({ width, height }, edges, ids);
  const boxes = [...layout.boxes];

  it('places every node inside the area, without overlaps', () => {
    for (const { from, to } of edges) {
      expect(layout.boxes.has(from), from).toBe(true);
      expect(layout.boxes.has(to), to).toBe(true);
    }
    expect(layout.width).toBe(Math.max(width, MIN_SIZE.width));
    for (const [id, box] of boxes) {
      expect(box.x, id).toBeGreaterThanOrEqual(12);
      expect(box.y, id).toBeGreaterThanOrEqual(0);
      expect(box.x + box.width, id).toBeLessThanOrEqual(layout.width - 12);
      expect(box.y + box.height, id).toBeLessThanOrEqual(layout.height);
      for (const [other, otherBox] of boxes) {
        if (other !== id) expect(overlap(box, otherBox), `${id} over ${other}`).toBe(false);
      }
    }
  });

  it('draws every edge from border to border of its nodes', () => {
    const isOnBorder = ([x, y]: readonly [number, number], box: Box) =>
      x >= box.x - 0.01 &&
      x <= box.x + box.width + 0.01 &&
      y >= box.y - 0.01 &&
      y <= box.y + box.height + 0.01 &&
      [x - box.x, x - box.x - box.width, y - box.y, y - box.y - box.height].some(
        (off) => Math.abs(off) < 0.01,
      );
    expect(layout.routes.size).toBe(edges.length);
    for (const { id, from, to } of edges) {
      const [start, end] = [layout.boxes.get(from), layout.boxes.get(to)];
      const points = layout.routes.get(id)?.points ?? [];
      const [first, last] = [points[0], points.at(-1)];
      if (!start || !end || !first || !last) throw new Error(`${id} leads nowhere`);
      expect(isOnBorder(first, start), `${id} begins`).toBe(true);
      expect(isOnBorder(last, end), `${id} ends`).toBe(true);
    }
  });

  it('draws no edge across a node or another edge', () => {
    const straight = edges.map(({ id }) => {
      const points = layout.routes.get(id)?.points ?? [];
      const [a, b] = [points[0], points.at(-1)];
      if (!a || !b) throw new Error(`${id} leads nowhere`);
      const [isLevel, isUpright] = [a[1] === b[1], a[0] === b[0]];
      expect(isLevel !== isUpright, `${id} is straight`).toBe(true);
      // The segment as a box, without its ends, which touch the nodes.
      const box = {
        x: Math.min(a[0], b[0]) + (isLevel ? 1 : -0.5),
        y: Math.min(a[1], b[1]) + (isLevel ? -0.5 : 1),
        width: isLevel ? Math.abs(a[0] - b[0]) - 2 : 1,
        height: isLevel ? 1 : Math.abs(a[1] - b[1]) - 2,
      };
      return { id, box };
    });
    for (const { id, box } of straight) {
      for (const [node, other] of boxes) expect(overlap(box, other), `${id} over ${node}`).toBe(false);
      for (const other of straight) {
        if (other.id !== id) expect(overlap(box, other.box), `${id} over ${other.id}`).toBe(false);
      }
    }
  });

  it('leaves room for two lines of text in every label', () => {
    const rooms = edges.flatMap(({ id }) => layout.routes.get(id)?.label ?? []);
    // The longest label, "3.2 · 10 ms", is 66 px wide.
    for (const { room } of rooms) expect(room).toBeGreaterThanOrEqual(70);
    const [point, pay] = [layout.boxes.get('point'), layout.boxes.get('pay')];
    if (!point || !pay) throw new Error('no point');
    expect(point.y - pay.y - pay.height).toBeGreaterThanOrEqual(24);
  });
});

describe('layout', () => {
  it('folds only the terminals that do not fit', () => {
    const folded = layOut({ width: 880, height: 648 }, edges, ids);
    expect(folded.folded).toEqual(ids.slice(5));
    expect(folded.boxes.has(MORE)).toBe(true);
    const six = layOut({ width: 880, height: 648 }, edges, ids.slice(0, 6));
    expect(six.folded).toEqual([]);
    expect(six.boxes.has(MORE)).toBe(false);
    expect(six.toTerminals).toHaveLength(6);
    expect(layOut({ width: 880, height: 648 }, edges, []).toTerminals).toEqual([]);
  });

  it('centres terminals at Kafka, so that a new one moves no other node', () => {
    const one = layOut({ width: 880, height: 648 }, edges, ids.slice(0, 1));
    const three = layOut({ width: 880, height: 648 }, edges, ids.slice(0, 3));
    for (const name of ['point', 'publisher', KAFKA, JOURNAL]) {
      expect(three.boxes.get(name)).toEqual(one.boxes.get(name));
    }
    const kafka = one.boxes.get(KAFKA);
    const terminal = one.boxes.get(ids[0] ?? '');
    if (!kafka || !terminal) throw new Error('no terminal');
    expect(centre(terminal)[1]).toBe(centre(kafka)[1]);
  });

  it.each([
    ['check_in', 'ArrowDown', 'pay'],
    ['pay', 'ArrowDown', 'point'],
    ['point', 'ArrowUp', 'pay'],
    ['point', 'ArrowLeft', CALLERS],
    ['point', 'ArrowRight', JOURNAL],
    [CALLERS, 'ArrowRight', 'point'],
    [CALLERS, 'ArrowLeft', null],
    [JOURNAL, 'ArrowRight', KAFKA],
    [JOURNAL, 'ArrowDown', MYPAGE_DB],
    [MYPAGE_DB, 'ArrowLeft', 'mypage'],
    [KAFKA, 'ArrowUp', 'publisher'],
    [KAFKA, 'ArrowLeft', JOURNAL],
    // To the journal, not to Mypage's database, although the database is nearer.
    ['consumer', 'ArrowLeft', JOURNAL],
    [KAFKA, 'ArrowDown', 'consumer'],
    ['check_in', 'ArrowUp', null],
  ] as const)('%s: %s moves to %s', (from, arrow, to) => {
    expect(neighbour(layOut({ width: 880, height: 648 }, edges, ids).boxes, from, arrow)).toBe(to);
  });

  it('reaches every node by arrow keys', () => {
    const { boxes } = layOut({ width: 880, height: 648 }, edges, ids);
    const seen = new Set(['point']);
    for (const id of seen) {
      for (const arrow of ['ArrowLeft', 'ArrowRight', 'ArrowUp', 'ArrowDown'] as const) {
        const next = neighbour(boxes, id, arrow);
        if (next) seen.add(next);
      }
    }
    expect([...seen].sort()).toEqual([...boxes.keys()].sort());
  });
});
