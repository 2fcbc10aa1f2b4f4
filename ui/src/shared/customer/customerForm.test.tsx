import { fireEvent, screen, waitFor, within } from '@testing-library/react';
import { describe, expect, it, vi } from 'vitest';
import type { Scenario } from '../../backend/mock';
import { customerNamed, inHand, isInHand } from '../../testing/desk';
import { openScreen } from '../../testing/places';
import { renderApp } from '../../testing/render';

/** 강민석, who is here already. */
const NAME = '강민석';

type App = Awaited<ReturnType<typeof renderApp>>;
interface Place {
  place: string;
  /** Opens the form. */
  open: (app: App) => Promise<void>;
  /** Waits until a customer is in hand. */
  hasInHand: (name: string) => Promise<unknown>;
}

const chosen = async (name: string) =>
  expect(await screen.findByTestId('customer-detail')).toHaveTextContent(name);

async function walkIn(app: App) {
  await app.user.keyboard('{Control>}{Enter}{/Control}');
  await screen.findByTestId('area-picker');
  await app.user.keyboard('3');
  await waitFor(async () => expect(await inHand()).toHaveTextContent('이름 없는 고객'));
  await app.user.click(screen.getByTestId('edit-customer'));
}

/** Wherever a customer is made. */
const PLACES: Place[] = [
  {
    place: 'at the desk',
    open: (app) => app.user.keyboard('{Control>}n{/Control}'),
    hasInHand: isInHand,
  },
  { place: 'for a walk-in at the desk', open: walkIn, hasInHand: isInHand },
  {
    place: 'on the screen of customers',
    open: async ({ user }) => {
      await openScreen(user, 'customers');
      await user.click(await screen.findByTestId('customer-new'));
    },
    hasInHand: chosen,
  },
  {
    place: 'for a walk-in on the screen of customers',
    open: async (app) => {
      await walkIn(app);
      await app.user.keyboard('{Escape}');
      await openScreen(app.user, 'customers');
      await app.user.click(await screen.findByTestId('customer-edit'));
    },
    hasInHand: chosen,
  },
];

async function openForm({ open }: Place, scenario: Partial<Scenario> = {}) {
  const app = await renderApp(scenario);
  await screen.findByTestId('inside-total');
  await open(app);
  await screen.findByTestId('customer-name');
  const here = customerNamed(app.backend, NAME);
  const { phone } = here;
  if (phone === null) throw new Error(`${NAME} has no phone`);
  const before = app.backend.requests.length;
  return {
    ...app,
    here,
    phone,
    sent: () => app.backend.requests.slice(before).map(({ command }) => command),
  };
}

/** The phone as somebody else writes it. */
const otherwise = (phone: string) => phone.replace(/^0/, '+82 ').replaceAll('-', '.');

async function fill(user: App['user'], name: string, phone: string) {
  fireEvent.change(screen.getByTestId('customer-name'), { target: { value: name } });
  fireEvent.change(screen.getByTestId('customer-phone'), { target: { value: phone } });
  screen.getByTestId('customer-phone').focus();
  await user.keyboard('{Enter}');
}

const alikeRows = async () => within(await screen.findByTestId('alike')).getAllByTestId('alike-customer');

describe.each(PLACES)('a new customer $place', (place) => {
  it('who seems to be here already is shown, and nothing is recorded', async () => {
    const { user, phone, sent } = await openForm(place);
    await fill(user, ` ${NAME}`, otherwise(phone));
    expect(await screen.findByTestId('alike')).toHaveTextContent('이름과 전화번호가 같은 고객');
    const [row] = await alikeRows();
    expect(row).toHaveTextContent(NAME);
    expect(row).toHaveTextContent(phone);
    expect(sent()).toEqual([]);
  });

  it('can be left for the one who is here', async () => {
    const { user, phone, sent } = await openForm(place);
    await fill(user, NAME, phone);
    const [row] = await alikeRows();
    await user.click(row as HTMLElement);
    await place.hasInHand(NAME);
    expect(screen.queryByTestId('customer-name')).toBeNull();
    expect(sent()).toEqual([]);
  });

  it('passes all the same: a family shares a phone', async () => {
    const { user, phone, sent } = await openForm(place);
    await fill(user, '강하늘', phone);
    expect(await screen.findByTestId('alike')).toHaveTextContent('전화번호가 같은 고객');
    await user.click(screen.getByTestId('customer-anyway'));
    await place.hasInHand('강하늘');
    expect(sent()).toMatchObject([{ profile: { name: '강하늘', phone } }]);
  });

  it('is asked about again with another phone, and saved at once if nobody has it', async () => {
    const { user, phone, sent } = await openForm(place);
    await fill(user, NAME, phone);
    await screen.findByTestId('alike');
    await fill(user, NAME, '010-0000-0001');
    await place.hasInHand(NAME);
    expect(sent()).toMatchObject([{ profile: { name: NAME, phone: '010-0000-0001' } }]);
  });
});

describe('the form of a customer', () => {
  const [desk] = PLACES as [Place];

  it('never counts an erased customer, a walk-in or the customer of the form', async () => {
    const { user, here, phone, backend } = await openForm(desk);
    await backend.record({
      idempotencyKey: 'erase',
      command: { type: 'eraseCustomer', customerId: here.customerId },
    });
    await fill(user, NAME, phone);
    await isInHand(NAME);
    expect((await backend.alikeCustomers({ name: '', phone: '' })).alike).toEqual([]);
    const { customerId } = [...backend.world.customers.values()].at(-1) ?? { customerId: '' };
    const others = await backend.alikeCustomers({ name: NAME, phone, except: customerId });
    expect(others).toEqual({ alike: [], more: false });
  });

  it('takes a second Enter within half a second for the first', async () => {
    const { user, phone, sent } = await openForm(desk);
    await fill(user, NAME, phone);
    const [row] = await alikeRows();
    expect(row).toHaveFocus();
    // However long the test takes, no time has passed for this key.
    const clock = vi.spyOn(performance, 'now').mockReturnValue(0);
    await user.keyboard('{Enter}');
    clock.mockRestore();
    expect(screen.getByTestId('alike')).toBeInTheDocument();
    await new Promise((resolve) => setTimeout(resolve, 550));
    await user.keyboard('{Enter}');
    await isInHand(NAME);
    expect(sent()).toEqual([]);
  });

  it('registers though nobody can be asked', async () => {
    const { user, phone, sent, backend } = await openForm(desk);
    vi.spyOn(backend, 'alikeCustomers').mockRejectedValue({ code: 'internal', params: {} });
    await fill(user, NAME, phone);
    await waitFor(() => expect(sent()).toHaveLength(1));
  });

  it('asks nobody while a customer with a name is edited', async () => {
    const { user, backend } = await renderApp();
    const asked = vi.spyOn(backend, 'alikeCustomers');
    fireEvent.change(await screen.findByTestId('search'), { target: { value: '1190' } });
    await isInHand(NAME);
    await user.click(screen.getByTestId('edit-customer'));
    fireEvent.change(await screen.findByTestId('customer-name'), { target: { value: '강민서' } });
    await user.click(screen.getByTestId('customer-submit'));
    await isInHand('강민서');
    expect(asked).not.toHaveBeenCalled();
  });

  it('names a walk-in in the notice as they are called now, and after an undo as before', async () => {
    const { user } = await openForm(PLACES[1] as Place);
    await fill(user, '선우진', '');
    await waitFor(() => expect(screen.getByTestId('notice')).toHaveTextContent('선우진'));
    await user.click(screen.getByTestId('edit-customer'));
    await fill(user, '선우준', '');
    await waitFor(() => expect(screen.getByTestId('notice')).toHaveTextContent('선우준'));
    await user.click(screen.getByTestId('notice-undo'));
    await waitFor(() => expect(screen.getByTestId('notice')).toHaveTextContent('선우진'));
  });

  it('goes to the name on Enter in another field, as long as there is none', async () => {
    const { user, sent } = await openForm(desk);
    screen.getByTestId('customer-phone').focus();
    await user.keyboard('0{Enter}');
    expect(screen.getByTestId('customer-name')).toHaveFocus();
    await user.click(screen.getByTestId('customer-submit'));
    expect(screen.getByText('이름을 적어 주세요.')).toBeInTheDocument();
    expect(sent()).toEqual([]);
  });
});
