import { screen, waitFor, within } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import type { CaseView } from '../../backend';
import { momentOf } from '../../shared/time/momentOf';
import { renderApp } from '../../testing/render';

type App = Awaited<ReturnType<typeof renderApp>>;

/** Adds the case of a payment that another terminal voided. */
function addCase({ backend }: App): CaseView {
  const { world } = backend;
  const entry = world.records.find(({ kind }) => kind === 'paid') ?? world.records[0];
  if (!entry) throw new Error('no entries');
  const view: CaseView = {
    reason: 'voided_elsewhere',
    about: 'payment/1',
    customer: entry.customer,
    beganAt: entry.at,
    points: null,
    facts: [{ entry, recordedAt: entry.at + 60_000, terminal: '단말 2', voided: false }],
    visitId: null,
  };
  world.cases.push(view);
  backend.announce();
  return view;
}

async function openReview() {
  const app = await renderApp();
  const view = addCase(app);
  await app.user.click(await screen.findByTestId('rail-review'));
  await screen.findByTestId('review-cases');
  return { app, view };
}

const caseOf = async (reason: string) => {
  const cases = await screen.findAllByTestId('case');
  const found = cases.find((one) => one.dataset.reason === reason);
  if (!found) throw new Error(`no case ${reason}`);
  return found;
};

describe('Review', () => {
  it('counts the cases on the menu, tells one in plain words and resolves it by the keyboard', async () => {
    const { app, view } = await openReview();
    const count = Number((await screen.findByTestId('rail-review-count')).textContent);
    const one = await caseOf(view.reason);
    within(one).getByRole('button').focus();
    await app.user.keyboard('{Enter}');
    expect(within(one).getByText(/기록한 단말에서 취소해 주세요/)).toBeInTheDocument();
    expect(within(one).getByText(/단말 2/)).toHaveTextContent(/나중 입력/);
    await app.user.click(within(one).getByTestId('case-accepted'));
    await screen.findByTestId('case-confirm');
    await app.user.keyboard('{Enter}');
    await waitFor(() =>
      expect(app.backend.requests.at(-1)?.command).toMatchObject({
        type: 'resolveCase',
        reason: view.reason,
        about: view.about,
        resolution: 'accepted',
      }),
    );
    await waitFor(() =>
      expect(screen.queryAllByTestId('rail-review-count').map((it) => it.textContent)).toEqual(
        count > 1 ? [String(count - 1)] : [],
      ),
    );
  });

  it('shows the cases of one reason, and the next step when there are none', async () => {
    const { app } = await openReview();
    await app.user.selectOptions(screen.getByTestId('review-filter'), 'written_off');
    await app.user.click(await screen.findByTestId('review-to-desk'));
    expect(await screen.findByTestId('search')).toBeInTheDocument();
  });

  it('is not for the role staff', async () => {
    await renderApp({ role: 'staff' });
    await screen.findByTestId('rail-desk');
    expect(screen.queryByTestId('rail-review')).toBeNull();
  });
});

describe('The moment at which a visit ended', () => {
  it('is read in Seoul', () => {
    expect(momentOf('2026-11-20 18:30')).toBe(Date.parse('2026-11-20T09:30:00Z'));
    expect(momentOf(' 2026-11-20 8:05 ')).toBe(Date.parse('2026-11-19T23:05:00Z'));
    for (const text of ['', '18:30', '2026-13-40 18:30', '2026-11-20 25:00'])
      expect(momentOf(text)).toBeNull();
  });
});
