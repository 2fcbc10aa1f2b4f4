import type { Command, Shape } from '../../types';
import { areaNamed, type Chapter, EAST, NO_ONE } from '../chapter';

type SavePlan = Extract<Command, { type: 'savePlan' }>;

/** A PNG of one pixel. */
const PICTURE =
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==';

export const plans: Chapter = {
  name: 'the plan of the site is drawn',
  play: async (desk) => {
    const shape: Shape = {
      ...{ kind: 'area', x: 10, y: 20, width: 200, height: 100 },
      ...{ area: await areaNamed(desk, EAST), label: '동문 옆' },
      at: { latitude: 37_566_500, longitude: 126_978_000 },
    };
    const size = { width: 800, height: 600 };
    const plan: Omit<SavePlan, 'picture'> = {
      ...{ type: 'savePlan', baseRevision: 0, name: '본관', ...size },
      shapes: [shape],
    };
    const keep = { picture: { type: 'keep' } } as const;
    await desk.ask('no plans', 'plans');
    const saved = await desk.record('a plan is drawn', { ...plan, ...keep });
    const planId = saved?.planId ?? '';
    await desk.ask('the plan without a picture', 'planPicture', planId);
    const edited = { ...plan, planId, baseRevision: 1 };
    await desk.record('it gets a picture', { ...edited, picture: { type: 'replace', data: PICTURE } });
    await desk.ask('its picture', 'planPicture', planId);
    await desk.ask('the plans', 'plans');
    await desk.record('an earlier revision is edited', { ...edited, ...keep });
    const refused: [string, Partial<SavePlan>][] = [
      ['a plan without a name', { name: ' ' }],
      ['a plan that is too small', { width: 99 }],
      ['a shape outside the drawing', { shapes: [{ ...shape, x: 700 }] }],
      ['an area that is none', { shapes: [{ ...shape, area: null }] }],
      ['an area that is unknown', { shapes: [{ ...shape, area: NO_ONE }] }],
      ['a place that is none', { shapes: [{ ...shape, at: { latitude: 91_000_000, longitude: 0 } }] }],
      ['a long label', { shapes: [{ ...shape, label: '가'.repeat(41) }] }],
      ['too many shapes', { shapes: Array.from({ length: 101 }, () => shape) }],
      ['a picture that is none', { picture: { type: 'replace', data: btoa('<svg/>') } }],
      ['a picture that is no Base64', { picture: { type: 'replace', data: '?' } }],
      ['an unknown plan', { planId: NO_ONE }],
    ];
    for (const [step, change] of refused) await desk.record(step, { ...plan, ...keep, ...change });
    await desk.ask('penalties by place', 'placePenalties', 30);
    await desk.ask('penalties of no days', 'placePenalties', 0);
    await desk.ask('the picture of an unknown plan', 'planPicture', NO_ONE);
    await desk.record('the plan is retired', { type: 'retirePlan', planId, baseRevision: 2 });
    await desk.record('it is retired again', { type: 'retirePlan', planId, baseRevision: 3 });
  },
};
