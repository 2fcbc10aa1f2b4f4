import { type Chapter, NO_ONE } from '../chapter';

export const rules: Chapter = {
  name: 'rules are edited and published',
  play: async (desk) => {
    const editor = await desk.ask('the rules', 'rulesEditor');
    if (!editor) throw new Error('no rules');
    const { form, inForce } = editor;
    const wrong = {
      ...form,
      pointsPerVisit: '1.5',
      dailyCap: '',
      warnAt: '50',
      levels: [{ at: '40', days: '0' }],
      codes: [...form.codes, { code: 'no word', points: '2000', ko: '', en: 'x', retired: false }],
    };
    await desk.ask('a draft with problems', 'saveRulesDraft', wrong);
    await desk.ask('no draft', 'discardRulesDraft');
    const next = { ...form, pointsPerVisit: '120', levels: [{ at: '60', days: null }] };
    await desk.ask('a draft', 'saveRulesDraft', next);
    const publish = {
      type: 'publishRules',
      base: inForce.id,
      form: next,
      reason: '새 기준',
      toPresent: false,
    } as const;
    await desk.record('without a reason', { ...publish, reason: ' ' });
    await desk.record('on another set', { ...publish, base: NO_ONE });
    await desk.record('with problems', { ...publish, form: wrong });
    await desk.record('unchanged', { ...publish, form });
    await desk.record('nothing to revise', { type: 'reviseLevels' });
    await desk.record('published', publish);
    await desk.ask('all sets', 'ruleSets', null);
    await desk.ask('the rules then', 'rulesEditor');
  },
};
