import { screen, waitFor, within } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import type { CaseView } from '../../backend';
import { momentOf } from '../../shared/time/momentOf';
import { openScreen } from '../../testing/places';
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
    customers: [entry.customer],
    beganAt: entry.at,
    points: null,
    facts: [{ entry, recordedAt: entry.at + 60_000, terminal: '단말 2', voided: false }],
    visitId: null,
    settledByAct: false,
  };
  world.cases.push(view);
  backend.announce();
  return view;
}

async function openReview() {
  const app = await renderApp();
  const view = addCase(app);
  await openScreen(app.user, 'review');
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
    await waitFor(() => expect(one).not.toBeInTheDocument());
    const last = screen.getAllByTestId('case-open').at(-1);
    expect(last, 'the cursor stays in the list').toHaveFocus();
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

  it('shows the cases of a customer, found by name, and of all again', async () => {
    const { app, view } = await openReview();
    const all = screen.getAllByTestId('case').length;
    const field = screen.getByTestId('review-customer');
    await app.user.type(field, view.customers[0]?.name ?? '');
    await screen.findAllByTestId('customer-hit');
    await app.user.keyboard('{Enter}');
    await waitFor(() => expect(screen.getAllByTestId('case').length).toBeLessThan(all));
    await caseOf(view.reason);
    await app.user.clear(field);
    await waitFor(() => expect(screen.getAllByTestId('case')).toHaveLength(all));
  });

  it('finds a customer without cases by the id, and Escape shows all again', async () => {
    const { app } = await openReview();
    const all = screen.getAllByTestId('case').length;
    const { cases, customers } = app.backend.world;
    const busy = new Set(cases.flatMap((one) => one.customers.map((it) => it.customerId)));
    const inside = new Set(app.backend.world.visits.map((visit) => visit.customerId));
    const nobody = [...customers.values()].find(
      ({ customerId }) => !busy.has(customerId) && !inside.has(customerId),
    );
    await app.user.type(screen.getByTestId('review-customer'), nobody?.customerId ?? '');
    expect(await screen.findAllByTestId('customer-hit')).toHaveLength(1);
    await app.user.keyboard('{Enter}');
    await screen.findByTestId('review-show-all');
    await app.user.keyboard('{Escape}');
    await waitFor(() => expect(screen.getAllByTestId('case')).toHaveLength(all));
  });

  it('is opened from the customer who has cases', async () => {
    const app = await renderApp();
    const view = addCase(app);
    await openScreen(app.user, 'customers');
    await app.user.type(await screen.findByTestId('customers-search'), view.customers[0]?.name ?? '');
    await waitFor(() => expect(screen.getAllByTestId('customer-row')).toHaveLength(1));
    await app.user.keyboard('{ArrowDown}');
    const way = await screen.findByTestId('customer-cases');
    expect(way).toHaveTextContent(/검토할 것 1건/);
    await app.user.click(way);
    expect(await caseOf(view.reason)).toBeInTheDocument();
    expect(screen.getAllByTestId('case')).toHaveLength(1);
  });

  it('leads from a case of the facility to where it is settled', async () => {
    const app = await renderApp();
    const { world } = app.backend;
    const [one, other] = [...world.customers.values()].filter(({ name }) => name !== null);
    if (!one || !other) throw new Error('no customers');
    const entry = world.records[0];
    if (!entry) throw new Error('no entries');
    const name = ({ customerId, name }: typeof one) => ({
      customerId,
      name,
      tag: '0000',
      unknownHere: false,
    });
    const common = { points: null, visitId: null, beganAt: entry.at };
    const fact = { entry, recordedAt: entry.at, terminal: '단말 2', voided: false };
    const add = (view: Omit<CaseView, keyof typeof common>) => world.cases.push({ ...common, ...view });
    add({
      ...{ reason: 'shared_card', about: `customers/${one.customerId}/${other.customerId}`, facts: [] },
      ...{ customers: [name(one), name(other)], settledByAct: false },
    });
    add({ reason: 'forked', about: 'incarnation/1', facts: [fact], customers: [], settledByAct: false });
    add({ reason: 'rival_rules', about: 'rules/7', facts: [], customers: [], settledByAct: true });
    app.backend.announce();
    await openScreen(app.user, 'review');
    const open = async (reason: string) => {
      const found = await caseOf(reason);
      await app.user.click(within(found).getByTestId('case-open'));
      return within(found);
    };
    const rules = await open('rival_rules');
    expect(rules.queryByTestId('case-accepted')).toBeNull();
    expect(rules.queryByTestId('case-to-mypage')).toBeNull();
    expect(rules.getByTestId('case-to-rules')).toBeInTheDocument();
    const card = await open('shared_card');
    await app.user.click(card.getByTestId('case-accepted'));
    await screen.findByTestId('case-confirm');
    await app.user.keyboard('{Enter}');
    await waitFor(() => expect(world.cases.map(({ reason }) => reason)).toEqual(['forked', 'rival_rules']));
    const fork = await open('forked');
    expect(fork.getByTestId('case-fact')).toHaveTextContent(entry.customer.name ?? entry.customer.tag);
    await app.user.click(fork.getByTestId('case-to-sync'));
    expect(await screen.findByTestId('sync-screen')).toBeInTheDocument();
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
