import { screen, waitFor } from '@testing-library/react';
import { describe, expect, it, vi } from 'vitest';
import { find, inHand, isInHand, settle, withKang } from '../../testing/desk';
import { press, scan } from '../../testing/keys';
import { renderApp } from '../../testing/render';

/** 오재현, prohibited. */
const OH = 'NS-2204-0391';

describe('a scan while a dialog is open', () => {
  it.each([
    ['the area picker', 'F2', 'area-picker'],
    ['a payment', 'F4', 'pay-dialog'],
    ['a penalty', 'F6', 'impose-dialog'],
    ['the reasons', 'F9', 'why'],
  ])('closes %s untouched, takes the person, and records nothing', async (_, key, dialog) => {
    for (const scanning of [{}, { hangul: true }, { gapMs: 45, suffix: ['Tab'] }, { suffix: [] }]) {
      const app = await withKang();
      press(key);
      await screen.findByTestId(dialog);
      await waitFor(() => expect(screen.queryByRole('dialog')).not.toBeNull());
      scan(OH, scanning);
      await isInHand('오재현');
      await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
      await settle();
      expect(app.backend.requests).toEqual([]);
      app.unmount();
    }
  });

  it('does not choose by its digits, at a pace at which each could be a choice', async () => {
    const app = await withKang();
    press('F2');
    await screen.findByTestId('area-picker');
    scan('22223333', { gapMs: 50 });
    await screen.findByTestId('no-hit');
    await settle();
    expect(app.backend.requests).toEqual([]);
  });

  it('asks where something was typed, and keeps it for a stray Enter', async () => {
    const app = await withKang();
    press('F4');
    await app.user.type(await screen.findByTestId('pay-points'), '6');
    scan(OH);
    expect(await screen.findByTestId('scan-question')).toHaveTextContent('오재현 님의 카드입니다');
    expect(screen.getByTestId('pay-points')).toHaveValue('6');
    scan(OH);
    press('Enter', { after: 200 });
    await settle();
    expect(app.backend.requests).toEqual([]);
    expect(screen.getByTestId('scan-question')).toBeInTheDocument();
    press('Enter', { after: 1_500 });
    await waitFor(() => expect(screen.queryByTestId('scan-question')).toBeNull());
    expect(screen.getByTestId('pay-points')).toHaveValue('6');
    expect(await inHand()).toHaveTextContent('강민석');
    expect(app.backend.requests).toEqual([]);
  });

  it('drops what was typed only when told to', async () => {
    const app = await withKang();
    press('F4');
    await app.user.type(await screen.findByTestId('pay-points'), '6');
    scan(OH);
    await app.user.click(await screen.findByTestId('scan-switch'));
    await isInHand('오재현');
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
    expect(app.backend.requests).toEqual([]);
  });

  it('leaves Escape to the question, and the dialog open', async () => {
    const app = await withKang();
    press('F4');
    await app.user.type(await screen.findByTestId('pay-points'), '6');
    scan(OH);
    await screen.findByTestId('scan-question');
    await app.user.keyboard('{Escape}');
    await waitFor(() => expect(screen.queryByTestId('scan-question')).toBeNull());
    expect(screen.getByTestId('pay-points')).toHaveValue('6');
  });

  it('waits for what is being recorded, and then takes the person', async () => {
    const app = await renderApp({ latencyMs: 400 });
    await find('1190', '강민석');
    press('F4');
    await app.user.type(await screen.findByTestId('pay-points'), '60');
    press('Enter', { after: 300 });
    await waitFor(() => expect(document.querySelector('form[data-busy]')).not.toBeNull());
    scan(OH);
    expect(await screen.findByTestId('notice')).toHaveTextContent('60 P를 결제했습니다');
    await waitFor(() => expect(screen.queryByTestId('pay-dialog')).toBeNull());
    await isInHand('오재현');
    expect(app.backend.requests).toHaveLength(1);
  });

  it('fills the card field of a new customer, never the name', async () => {
    const app = await withKang();
    await app.user.keyboard('{Control>}n{/Control}');
    await app.user.type(await screen.findByTestId('customer-name'), '선우');
    scan('NS-9999-0001', { hangul: true });
    await waitFor(() => expect(screen.getByTestId('customer-card')).toHaveValue('NS-9999-0001'));
    expect(screen.getByTestId('customer-name')).toHaveValue('선우');
    await settle();
    expect(app.backend.requests).toEqual([]);
    screen.getByTestId('customer-card').focus();
    scan(']C1NS-9999-0002');
    expect(screen.getByTestId('customer-card')).toHaveValue('NS-9999-0002');
    scan(OH);
    expect(screen.getByTestId('customer-card')).toHaveValue(OH);
    expect(app.backend.requests).toEqual([]);
  });

  it('asks about somebody’s card while a new customer is typed', async () => {
    const app = await withKang();
    await app.user.keyboard('{Control>}n{/Control}');
    await app.user.type(await screen.findByTestId('customer-name'), '선우');
    scan(OH);
    expect(await screen.findByTestId('scan-question')).toHaveTextContent('오재현');
    expect(screen.getByTestId('customer-name')).toHaveValue('선우');
    expect(screen.getByTestId('customer-card')).toHaveValue('');
  });

  it.each(['A B12345', '1 234567', ' 7654321'])('presses nothing by a space: %j', async (card) => {
    const app = await withKang();
    press('F4');
    const all = await screen.findByTestId('pay-all');
    const pressed = vi.fn();
    all.addEventListener('click', pressed);
    all.focus();
    scan(card, { suffix: [], gapMs: 45 });
    await screen.findByTestId('no-hit');
    await settle();
    expect(pressed).not.toHaveBeenCalled();
    expect(app.backend.requests).toEqual([]);
  });

  it('leaves a hand its Space', async () => {
    await withKang();
    press('F4');
    (await screen.findByTestId('pay-all')).focus();
    press(' ', { after: 600 });
    await waitFor(() => expect(screen.getByTestId('pay-points')).toHaveValue('100'));
  });

  it('confirms nothing: everyone stays inside', async () => {
    const app = await withKang();
    await app.user.click(screen.getAllByTestId('everyone-out')[0] as HTMLElement);
    await screen.findByTestId('everyone-out-dialog');
    scan(OH);
    await isInHand('오재현');
    expect(app.backend.requests).toEqual([]);
  });
});
