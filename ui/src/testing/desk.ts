import { fireEvent, screen, waitFor } from '@testing-library/react';
import { expect } from 'vitest';
import type { MockBackend } from '../backend/mock';
import { renderApp } from './render';

export const inHand = () => screen.findByTestId('customer-name-shown');

export const isInHand = (name: string) => waitFor(async () => expect(await inHand()).toHaveTextContent(name));

/** Enters a search text at once, and waits until the search has selected its first result. */
export async function find(text: string, name: string) {
  fireEvent.change(await screen.findByTestId('search'), { target: { value: text } });
  await isInHand(name);
}

/** Opens the desk with 강민석 in hand, who has 100 P and is outside. */
export async function withKang() {
  const app = await renderApp();
  await find('1190', '강민석');
  return app;
}

export const customerNamed = ({ world }: MockBackend, name: string) => {
  const found = [...world.customers.values()].find((customer) => customer.name === name);
  if (!found) throw new Error(`no ${name}`);
  return found;
};

/** Time for whatever would wrongly be recorded. */
export const settle = () => new Promise((resolve) => setTimeout(resolve, 250));
