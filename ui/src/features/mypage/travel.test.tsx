import { screen, waitFor, within } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import type { Scenario } from '../../backend/mock';
import { openScreen } from '../../testing/places';
import { renderApp } from '../../testing/render';

async function openMypage(scenario: Partial<Scenario> = {}, text = '4821') {
  const app = await renderApp(scenario);
  await openScreen(app.user, 'mypage');
  await app.user.type(await screen.findByTestId('mypage-search'), text);
  await waitFor(() => expect(screen.getAllByTestId('mypage-pick')).toHaveLength(1));
  await app.user.keyboard('{Enter}');
  await screen.findAllByTestId('mypage-row');
  return app;
}

const balance = () => Number(screen.getByTestId('mypage-balance').dataset.value);

describe('Mypage at another moment', () => {
  it('shows the balance and the entries of then, and comes back with Escape', async () => {
    const { user } = await openMypage();
    const now = balance();
    await user.keyboard('{Control>}t{/Control}');
    expect(screen.queryByTestId('mypage-travel')).toBeNull();
    const date = await screen.findByTestId('travel-date');
    await user.clear(date);
    await user.type(date, '2020-01-01{Enter}');
    await waitFor(() => expect(balance()).toBe(0));
    expect(await screen.findByTestId('travelling')).toHaveTextContent('2020.01.01');
    await waitFor(() => expect(screen.queryAllByTestId('mypage-row')).toHaveLength(0));
    expect(screen.queryByTestId('mypage-correct')).toBeNull();
    expect(screen.queryByTestId('mypage-export')).toBeNull();
    await user.click(screen.getByTestId('travel-asKnownHere'));
    await waitFor(() => expect(screen.getByTestId('travelling')).toHaveTextContent('그때 여기서 알던 대로'));
    await user.keyboard('{Escape}');
    await waitFor(() => expect(balance()).toBe(now));
    expect(screen.queryByTestId('travelling')).toBeNull();
  });

  it('says which date or time there is not', async () => {
    const { user } = await openMypage({ language: 'en' });
    await user.click(screen.getByTestId('mypage-travel'));
    const time = await screen.findByTestId('travel-time');
    await user.clear(time);
    await user.type(time, '25:00{Enter}');
    expect(await screen.findByRole('alert')).toHaveTextContent('Write the time as 14:30.');
    await user.clear(time);
    await user.type(time, '9:05');
    const date = screen.getByTestId('travel-date');
    await user.clear(date);
    await user.type(date, '2026-02-30{Enter}');
    expect(await screen.findByRole('alert')).toHaveTextContent('There is no such date.');
    expect(screen.queryByTestId('travelling')).toBeNull();
  });
});

describe('why', () => {
  it('explains the balance line by line, with its lots, and turns to the verdict on F9', async () => {
    const { user } = await openMypage();
    await user.click(screen.getByTestId('mypage-why-balance'));
    expect(await screen.findByTestId('why-points')).toHaveTextContent('1,240 P');
    const dialog = within(screen.getByTestId('why'));
    const lines = dialog.getAllByTestId('why-line');
    expect(lines.length).toBeGreaterThan(3);
    expect(lines.at(-1)).toHaveTextContent('1,240');
    expect(dialog.getByTestId('why-lot')).toHaveTextContent('기한 없음');
    await user.keyboard('{F9}');
    expect(await screen.findByTestId('why-because')).toBeInTheDocument();
    expect(screen.getByTestId('why-level')).toHaveTextContent('40점부터, 기한 없음');
  });

  it('says how a ban ends by itself, and that the next penalty begins an ended one again', async () => {
    const { backend, user } = await openMypage();
    const customerId = [...backend.world.customers.values()].find(({ phone }) =>
      phone?.endsWith('4821'),
    )?.customerId;
    const card = await backend.customerCard(customerId ?? '');
    const level = { at: 40, days: 7, reached: true, lastDay: '2026-12-02', over: false };
    const banned = { standing: 'PROHIBITED', outstanding: 45, toLift: 6, liftedOn: '2026-12-03' } as const;
    const verdict = { ...card.verdict, ...banned, levels: [level] };
    backend.customerCard = async () => ({ ...card, verdict });
    backend.announce();
    await waitFor(() => expect(screen.getByTestId('mypage-standing').dataset.standing).toBe('PROHIBITED'));
    expect(screen.getByText(/그대로 두면 2026.12.03에 풀립니다/)).toBeInTheDocument();
    await user.keyboard('{F9}');
    expect(await screen.findByTestId('why-level')).toHaveTextContent('40점부터 7일 · 2026.12.02까지');
    expect(screen.getByTestId('why-lift')).toHaveTextContent(
      '6점 이상 차감하면 풀립니다. 그대로 두면 2026.12.03에 풀립니다.',
    );
    await user.keyboard('{Escape}');
    const ended = {
      ...verdict,
      standing: 'WARNED',
      toLift: null,
      liftedOn: null,
      levels: [{ ...level, over: true }],
    };
    backend.customerCard = async () => ({ ...card, verdict: ended as typeof verdict });
    backend.announce();
    await waitFor(() => expect(screen.getByTestId('mypage-standing').dataset.standing).toBe('WARNED'));
    await user.keyboard('{F9}');
    expect(await screen.findByTestId('why-because')).toHaveTextContent('금지 기간이 2026.12.02에 끝났습니다');
    expect(screen.getByTestId('why-lift')).toHaveTextContent('다음 패널티를 받으면 다시 금지됩니다.');
  });
});

describe('notices before something ends', () => {
  it('stand on Mypage, and on the desk the most urgent ones', async () => {
    const { user } = await openMypage({ endings: true }, '강하늘');
    const notices = screen.getAllByTestId('customer-notice');
    expect(notices.map(({ dataset }) => dataset.type)).toEqual(['banEnds', 'pointsExpire', 'pointsExpire']);
    expect(notices[0]).toHaveTextContent('부터 흡연할 수 있습니다');
    expect(notices[1]).toHaveTextContent('2일 뒤 만료됩니다');
    await user.click(screen.getByTestId('rail-desk'));
    await screen.findByTestId('verdict');
    expect(screen.getAllByTestId('customer-notice')).toHaveLength(2);
  });
});
