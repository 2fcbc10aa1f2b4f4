import { fireEvent, screen, waitFor, within } from '@testing-library/react';
import { beforeEach, describe, expect, it } from 'vitest';
import { renderApp } from '../../testing/render';

beforeEach(() => localStorage.clear());

describe('with 66 areas and a thousand people inside', () => {
  it('folds the areas, each with its count, and unfolds one', async () => {
    const { user } = await renderApp({ seed: 'crowd' });
    await waitFor(() => expect(screen.getByTestId('inside-total')).toHaveTextContent('1,013명'));
    expect(screen.queryByTestId('occupant')).toBeNull();
    const [first] = screen.getAllByTestId('area') as [HTMLElement, ...HTMLElement[]];
    expect(within(first).getByTestId('area-fill')).toHaveTextContent('19 / 12');
    await user.click(within(first).getByTestId('area-turn'));
    expect((await screen.findAllByTestId('occupant')).length).toBeGreaterThan(5);
    await user.click(screen.getAllByTestId('area-turn')[0] as HTMLElement);
    expect(screen.queryByTestId('occupant')).toBeNull();
  });

  it('finds an area by typing, and checks in there on Enter', async () => {
    const { user, backend } = await renderApp({ seed: 'crowd' });
    fireEvent.change(await screen.findByTestId('search'), { target: { value: '이수빈' } });
    await waitFor(() => expect(screen.getByTestId('customer-name-shown')).toHaveTextContent('이수빈'));
    await user.keyboard('{F2}');
    const field = await screen.findByTestId('area-find');
    await waitFor(() => expect(field).toHaveFocus());
    fireEvent.change(field, { target: { value: '66' } });
    expect(screen.getAllByTestId(/^pick-\d/)).toHaveLength(1);
    await user.keyboard('{Enter}');
    const { areaId } = backend.world.areas[65] ?? {};
    await waitFor(() => expect(backend.requests.at(-1)?.command).toMatchObject({ type: 'checkIn', areaId }));
  });
});

describe('the evacuation list', () => {
  it('heads the people of each area that has any with their number', async () => {
    const { user } = await renderApp();
    await user.click(await screen.findByTestId('evacuation'));
    const heads = await screen.findAllByTestId('evacuation-area');
    expect(heads.map((head) => head.textContent)).toEqual([
      '동문 흡연구역 6명',
      '서문 흡연구역 4명',
      '옥상 정원 2명',
      '북측 임시부스 1명',
    ]);
  });
});
