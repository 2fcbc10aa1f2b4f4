import { screen, waitFor, within } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import type { Scenario } from '../../backend/mock';
import { openScreen } from '../../testing/places';
import { renderApp } from '../../testing/render';

async function openRules(scenario: Partial<Scenario> = {}) {
  const app = await renderApp({ role: 'manager', ...scenario });
  await openScreen(app.user, 'rules');
  await screen.findByTestId('rules-publish');
  const field = (path: string) => screen.getByTestId(`rules-${path}`);
  const type = async (path: string, text: string) => {
    await app.user.clear(field(path));
    if (text !== '') await app.user.type(field(path), text);
  };
  return { ...app, field, type };
}

describe('Rules', () => {
  it('only a manager edits them; others read them', async () => {
    const app = await renderApp({ role: 'staff' });
    await openScreen(app.user, 'rules');
    expect(await screen.findByTestId('settings-rules')).toHaveTextContent('100');
    expect(screen.queryByTestId('rules-publish')).toBeNull();
  });

  it('keeps a draft with its problems at the field, and shows that there is one', async () => {
    const { backend, field, type, user } = await openRules();
    expect(screen.queryByTestId('rules-draft')).toBeNull();
    await type('pointsPerVisit', '12x');
    expect(await screen.findByTestId('rules-problems')).toHaveTextContent('1군데');
    expect(await screen.findByText('1에서 1,000,000 사이의 숫자만 적어 주세요.')).toBeInTheDocument();
    expect(await screen.findByTestId('rules-draft')).toHaveTextContent('이 컴퓨터에만 저장');
    expect(backend.world.rulesDraft?.form.pointsPerVisit).toBe('12x');
    // Publishing leads to the field instead.
    await user.click(screen.getByTestId('rules-publish'));
    expect(field('pointsPerVisit')).toHaveFocus();
    expect(screen.queryByTestId('rules-publish-confirm')).toBeNull();
    expect(backend.world.rules.generation).toBe(1);
    // Another visit to the screen still has it.
    await user.click(screen.getByTestId('rail-desk'));
    await openScreen(user, 'rules');
    expect(await screen.findByTestId('rules-pointsPerVisit')).toHaveValue('12x');
    await user.click(screen.getByTestId('rules-discard'));
    await user.click(await screen.findByTestId('rules-discard-confirm'));
    await waitFor(() => expect(screen.getByTestId('rules-pointsPerVisit')).toHaveValue('100'));
    expect(backend.world.rulesDraft).toBeNull();
  });

  it('publishes with what changes and a reason, and every set stays readable', async () => {
    const { backend, type, user } = await openRules();
    await type('levels.0.at', '60');
    await user.click(screen.getByTestId('rules-add-level'));
    await type('levels.1.at', '90');
    await user.click(screen.getByTestId('rules-levels.0.days-on'));
    await user.click(screen.getByTestId('rules-publish'));
    const confirm = await screen.findByTestId('rules-publish-confirm');
    const dialog = screen.getByRole('dialog');
    expect(within(dialog).getByTestId('rules-changes')).toHaveTextContent('1단계 금지 점수40 점 → 60 점');
    expect(within(dialog).getByTestId('rules-changes')).toHaveTextContent(
      '1단계 금지 기간끝나지 않음 → 30 일',
    );
    await user.click(confirm);
    expect(within(dialog).getByText('이유를 적어 주세요.')).toBeInTheDocument();
    await user.type(screen.getByTestId('rules-publish-reason'), '기준 완화');
    await user.click(screen.getByTestId('rules-publish-present'));
    await user.keyboard('{Control>}{Enter}{/Control}');
    expect(await screen.findByText('규칙 v2을 게시했습니다.')).toBeInTheDocument();
    expect(backend.requests.at(-1)?.command).toMatchObject({ reason: '기준 완화', toPresent: true });
    expect(backend.world.rules).toMatchObject({ generation: 2, prohibitAt: 60 });
    const sets = await screen.findAllByTestId('rules-set');
    await waitFor(() => expect(screen.getAllByTestId('rules-set')).toHaveLength(2));
    expect(sets[0]).toBeDefined();
    expect(screen.getAllByTestId('rules-set')[0]).toHaveTextContent('기준 완화');
    expect(screen.getByTestId('rules-revision')).toHaveTextContent('v2');
    expect(screen.queryByTestId('rules-draft')).toBeNull();
  });

  it('adds a code with names, which the desk then shows, and retires one', async () => {
    const { backend, type, user } = await openRules();
    await user.click(screen.getByTestId('rules-add-code'));
    await type('codes.3.code', 'two words');
    expect(await screen.findByText('영문자와 숫자, 밑줄로 24자까지 적어 주세요.')).toBeInTheDocument();
    await type('codes.3.code', 'LITTER');
    await type('codes.3.points', '7');
    await type('codes.3.ko', '꽁초 투기');
    await type('codes.3.en', 'Littering');
    await user.click(screen.getByTestId('rules-codes.1.retire'));
    await user.click(screen.getByTestId('rules-publish'));
    await user.type(await screen.findByTestId('rules-publish-reason'), '꽁초');
    await user.click(screen.getByTestId('rules-publish-confirm'));
    await waitFor(() => expect(backend.world.rules.generation).toBe(2));
    expect(backend.world.rules.codes.map(({ code }) => code)).toEqual(['BASIC', 'AGGRAVATED', 'LITTER']);
    await waitFor(() => expect(screen.getAllByTestId('rules-code')[3]).toHaveTextContent('꽁초 투기'));
    expect(screen.getAllByTestId('rules-code')[1]).toHaveTextContent('쓰지 않음');
  });

  it('previews whom the draft releases, and says when the draft has changed since', async () => {
    const { type, user } = await openRules({ seed: 'people' });
    await type('levels.0.at', '900');
    await user.click(screen.getByTestId('rules-preview-run'));
    const found = await screen.findByTestId('rules-preview-found');
    expect(within(found).getByTestId('rules-preview-now-released')).toHaveTextContent(/금지 풀림/);
    await type('levels.0.at', '41');
    expect(found).toHaveTextContent('초안이 바뀌었습니다');
  });

  it('shows two sets of one generation until the next one is published', async () => {
    const { backend, user } = await openRules();
    const rival = structuredClone(backend.world.ruleSets[0]);
    if (!rival) throw new Error('no set');
    const publication = { at: 0, by: '김', terminalName: '단말 2', reason: '다른 기준', toPresent: false };
    backend.world.ruleSets.push({ ...rival, view: { ...rival.view, id: 'x', state: 'beaten', publication } });
    await user.click(screen.getByTestId('rail-desk'));
    await openScreen(user, 'rules');
    expect(await screen.findByTestId('rules-conflict')).toHaveTextContent('다른 기준');
    await user.click(screen.getByTestId('rules-publish'));
    await user.type(await screen.findByTestId('rules-publish-reason'), '정리');
    await user.click(screen.getByTestId('rules-publish-confirm'));
    await waitFor(() => expect(screen.queryByTestId('rules-conflict')).toBeNull());
    expect(backend.world.rules.generation).toBe(2);
  });

  it('locks what only a newer program understands', async () => {
    const { backend, user } = await openRules();
    const set = backend.world.ruleSets[0];
    if (!set) throw new Error('no set');
    set.view.needsUpdate = ['lapse', 'levels'];
    await user.click(screen.getByTestId('rail-desk'));
    await openScreen(user, 'rules');
    expect(await screen.findByTestId('rules-needs-update')).toHaveTextContent('lapse');
    expect(screen.getByTestId('rules-warnAt')).toBeDisabled();
    expect(screen.getByTestId('rules-lapse.days-on')).toBeDisabled();
    expect(screen.getByTestId('rules-pointsPerVisit')).toBeEnabled();
  });
});
