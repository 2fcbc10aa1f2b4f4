import { fireEvent, screen, waitFor } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { renderApp } from '../../testing/render';

type App = Awaited<ReturnType<typeof renderApp>>;

async function find(text: string, name: string) {
  fireEvent.change(await screen.findByTestId('search'), { target: { value: text } });
  await waitFor(() => expect(screen.getByTestId('customer-name-shown')).toHaveTextContent(name));
}

const customer = ({ backend }: App, name: string) => {
  const found = [...backend.world.customers.values()].find((one) => one.name === name);
  if (!found) throw new Error(`no ${name}`);
  return found;
};

/** Bans a customer at another terminal, as the program tells it. */
async function ban(app: App, name: string) {
  const { customerId } = customer(app, name);
  const command = { type: 'imposePenalty', customerId, points: 999 } as const;
  await app.backend.record({ idempotencyKey: `ban ${name}`, command });
  return customerId;
}

/** Collects every verdict that the desk shows, however briefly. */
function watchVerdicts() {
  const seen: string[] = [];
  const look = () => {
    const verdict = document.querySelector<HTMLElement>('[data-testid="verdict"]');
    const name = document.querySelector('[data-testid="customer-name-shown"]')?.textContent;
    const shown = verdict && `${name} ${verdict.dataset.standing}`;
    if (shown && seen.at(-1) !== shown) seen.push(shown);
  };
  new MutationObserver(look).observe(document.body, { subtree: true, childList: true, attributes: true });
  return seen;
}

const tones: number[] = [];

beforeEach(() => {
  localStorage.clear();
  tones.length = 0;
  const node = { connect: () => node, setValueAtTime() {}, linearRampToValueAtTime() {} };
  class Audio {
    currentTime = 0;
    destination = node;
    createGain = () => ({ ...node, gain: node });
    createOscillator = () => ({
      ...node,
      start() {},
      stop() {},
      frequency: {
        set value(hertz: number) {
          tones.push(hertz);
        },
      },
    });
  }
  vi.stubGlobal('AudioContext', Audio);
});
afterEach(() => vi.unstubAllGlobals());

describe('a verdict', () => {
  it('from before a change is never shown and never sounded', async () => {
    const app = await renderApp({ latencyMs: 20 });
    await app.backend.savePreferences({ ...app.backend.world.preferences, sound: true });
    await find('1190', '강민석');
    await find('7305', '김민수');
    await ban(app, '강민석');
    app.backend.announce({ customers: [customer(app, '강민석').customerId] });
    const seen = watchVerdicts();
    await find('1190', '강민석');
    await waitFor(() => expect(screen.getByTestId('verdict')).toHaveAttribute('data-standing', 'PROHIBITED'));
    expect(seen.filter((one) => one.startsWith('강민석'))).toEqual(['강민석 PROHIBITED']);
  });

  it('is loaded again if the customer changes while it is loaded', async () => {
    const app = await renderApp();
    await find('7305', '김민수');
    const { customerCard } = app.backend;
    const kang = customer(app, '강민석').customerId;
    let loads = 0;
    app.backend.customerCard = async (id) => {
      const card = await customerCard(id);
      if (id !== kang) return card;
      loads += 1;
      if (loads === 1) {
        await ban(app, '강민석');
        app.backend.announce({ customers: [kang] });
      }
      return card;
    };
    const seen = watchVerdicts();
    await find('1190', '강민석');
    await waitFor(() => expect(screen.getByTestId('verdict')).toHaveAttribute('data-standing', 'PROHIBITED'));
    expect(seen.filter((one) => one.startsWith('강민석'))).toEqual(['강민석 PROHIBITED']);
  });

  it('in the list of hits is not kept for the next time either', async () => {
    const app = await renderApp({ latencyMs: 20 });
    await find('1190', '강민석');
    await find('7305', '김민수');
    await ban(app, '강민석');
    app.backend.announce();
    fireEvent.change(await screen.findByTestId('search'), { target: { value: '1190' } });
    await waitFor(() => expect(screen.getByTestId('search-pane')).toHaveAttribute('data-settled'));
    expect(screen.getAllByTestId('hit')[0]).toHaveTextContent('금지');
  });
});
