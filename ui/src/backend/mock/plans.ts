import type {
  Outcome,
  PickedPicture,
  PlacePenalties,
  PlanPicture,
  PlanView,
  Shape,
  ShapeKind,
} from '../types';
import { checkNeeded, checkText, NAME_MAX } from './limits';
import type { Of } from './record';
import { newId, refuse, type World } from './world';

const PLANS_MAX = 20;
const SHAPES_MAX = 100;
const LABEL_MAX = 40;
const SIDE = { min: 100, max: 4_000 };
const SHAPE_SIDE_MIN = 10;
const PICTURE_MAX_BYTES = 512 * 1024;
const PIECE_MAX_BYTES = 45_000;
const DAY_MS = 24 * 60 * 60 * 1_000;

/** A plan with the bytes of its picture, as Base64. */
export interface MockPlan {
  planId: string;
  revision: number;
  name: string;
  width: number;
  height: number;
  shapes: Shape[];
  picture: string | null;
}

const bytesOf = (base64: string): number => Math.floor((base64.replace(/=+$/, '').length * 3) / 4);

export const plansView = (world: World): PlanView[] =>
  world.plans
    .map(({ picture, ...plan }) => {
      const pieces = picture ? Math.ceil(bytesOf(picture) / PIECE_MAX_BYTES) : 0;
      const have = world.scenario.planPieces === 'some' ? Math.max(0, pieces - 1) : pieces;
      return { ...plan, picture: picture ? { pieces, have } : null };
    })
    .sort((a, b) => (a.name < b.name ? -1 : 1));

export function planPictureView(world: World, planId: string): PlanPicture | null {
  const plan = world.plans.find((one) => one.planId === planId);
  if (!plan) throw refuse('unknown_plan');
  if (!plan.picture || world.scenario.planPieces === 'some') return null;
  return { kind: plan.picture.startsWith('/9j/') ? 'jpeg' : 'png', data: plan.picture };
}

/** The file that the dialog of the mock picks: a drawing of four rooms. */
export const pickedPicture = (): PickedPicture => ({
  kind: 'svg',
  data: btoa(
    '<svg xmlns="http://www.w3.org/2000/svg" width="800" height="500" viewBox="0 0 800 500">' +
      '<path d="M20 20h760v460H20zM300 20v460M300 250h480M560 250v230" fill="none" stroke="#777" stroke-width="6"/>' +
      '</svg>',
  ),
});

export function placePenalties(world: World, days: number): PlacePenalties[] {
  if (!Number.isInteger(days) || days < 1 || days > 366)
    throw refuse('out_of_range', { field: 'days', min: 1, max: 366 });
  const counts = new Map<string, number>();
  for (const penalty of world.penalties) {
    if (!penalty.areaId || penalty.void || penalty.at < Date.now() - days * DAY_MS) continue;
    counts.set(penalty.areaId, (counts.get(penalty.areaId) ?? 0) + 1);
  }
  return [...counts].map(([areaId, count]) => ({ areaId, count })).sort((a, b) => b.count - a.count);
}

function expectPlan(world: World, planId: string, baseRevision: number): MockPlan {
  const plan = world.plans.find((one) => one.planId === planId);
  if (!plan) throw refuse('unknown_plan');
  if (plan.revision !== baseRevision)
    throw refuse('revised_meanwhile', { revision: plan.revision, reason: 'plan' });
  return plan;
}

export function savePlan(world: World, command: Of<'savePlan'>): Outcome {
  const { planId, baseRevision, name, width, height, shapes, picture } = command;
  const known = planId === undefined ? undefined : expectPlan(world, planId, baseRevision);
  if (!known && world.plans.length >= PLANS_MAX) throw refuse('too_many_plans', { max: PLANS_MAX });
  const kept = known?.picture ?? null;
  const data =
    picture.type === 'replace' ? checkPicture(picture.data) : picture.type === 'keep' ? kept : null;
  checkNeeded('name', name, NAME_MAX);
  const isSide = (side: number) => side >= SIDE.min && side <= SIDE.max;
  if (!isSide(width) || !isSide(height)) throw refuse('out_of_range', { field: 'planSize', ...SIDE });
  if (shapes.length > SHAPES_MAX) throw refuse('out_of_range', { field: 'shapes', min: 0, max: SHAPES_MAX });
  shapes.forEach((shape, index) => {
    checkShape(shape, index + 1, width, height);
  });
  const areas = [...world.areas, ...world.retiredAreas];
  const unknown = shapes.findIndex(({ area }) => area !== null && !areas.some((one) => one.areaId === area));
  if (unknown >= 0) {
    const kind: ShapeKind | undefined = shapes[unknown]?.kind;
    throw refuse('unknown_area', { number: kind === 'area' ? unknown + 1 : null });
  }
  const plan = known ?? { planId: newId(), revision: 0, name, width, height, shapes, picture: null };
  Object.assign(plan, { name, width, height, shapes, picture: data, revision: plan.revision + 1 });
  if (!known) world.plans.push(plan);
  return { type: 'planSaved', planId: plan.planId, revision: plan.revision };
}

export function retirePlan(world: World, { planId, baseRevision }: Of<'retirePlan'>): Outcome {
  const plan = expectPlan(world, planId, baseRevision);
  world.plans = world.plans.filter((one) => one !== plan);
  return { type: 'done' };
}

function checkPicture(data: string): string {
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(data)) throw refuse('not_a_picture', { reason: 'other' });
  if (bytesOf(data) > PICTURE_MAX_BYTES)
    throw refuse('picture_too_large', { reason: 'stored', max: PICTURE_MAX_BYTES });
  if (!data.startsWith('iVBORw0KGgo') && !data.startsWith('/9j/'))
    throw refuse('not_a_picture', { reason: 'other' });
  return data;
}

function checkShape(shape: Shape, number: number, width: number, height: number): void {
  const invalid = (reason: string) => refuse('shape_invalid', { number, reason });
  const fits = (from: number, side: number, whole: number) => side >= SHAPE_SIDE_MIN && from + side <= whole;
  if (!fits(shape.x, shape.width, width) || !fits(shape.y, shape.height, height)) throw invalid('outside');
  if (shape.kind === 'area' && !shape.area) throw invalid('area');
  checkText('label', shape.label ?? '', LABEL_MAX);
  if (shape.at && (Math.abs(shape.at.latitude) > 90e6 || Math.abs(shape.at.longitude) > 180e6))
    throw invalid('place');
}

/** The plan of the demonstration facility: its areas side by side, an entrance and a spot where smoking is forbidden. */
export function seedPlan(world: World): void {
  const areas = world.areas.slice(0, 4);
  const shape = (change: Partial<Shape>): Shape => ({
    ...{ kind: 'area', x: 0, y: 0, width: 220, height: 180 },
    ...{ area: null, label: null, at: null },
    ...change,
  });
  const shapes = areas.map((area, index) =>
    shape({ x: 40 + (index % 2) * 260, y: 40 + Math.floor(index / 2) * 220, area: area.areaId }),
  );
  shapes.push(shape({ kind: 'entrance', x: 560, y: 40, width: 200, height: 60, label: '정문' }));
  const near = areas[0]?.areaId ?? null;
  shapes.push(
    shape({ kind: 'no_smoking', x: 560, y: 260, width: 200, height: 180, area: near, label: '승강장' }),
  );
  const plan = {
    planId: newId(),
    revision: 1,
    name: '본관 1층',
    width: 800,
    height: 500,
    shapes,
    picture: null,
  };
  world.plans = [plan];
}
