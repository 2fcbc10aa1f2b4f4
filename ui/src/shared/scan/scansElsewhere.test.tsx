import { screen, waitFor } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import { customerNamed, isInHand, withKang } from '../../testing/desk';
import { press, scan } from '../../testing/keys';
import { openScreen } from '../../testing/places';
import { renderApp } from '../../testing/render';

/** 오재현, prohibited. */
const OH = 'NS-2204-0391';

describe('a scan on another screen', () => {
  it('shows the person on Mypage', async () => {
    await withKang();
    press('F8');
    await screen.findByTestId('mypage-screen');
    scan(OH);
    await waitFor(() => expect(screen.getByTestId('mypage-screen')).toHaveTextContent('오재현'));
    scan('NS-0000-0000');
    expect(await screen.findByTestId('note')).toHaveTextContent('등록되지 않은 카드입니다: NS-0000-0000');
    expect(screen.getByTestId('mypage-screen')).toHaveTextContent('오재현');
  });

  it('offers the card with other leading zeros, on Mypage and on Customers', async () => {
    const app = await withKang();
    customerNamed(app.backend, '강민석').card = '00000391';
    press('F8');
    await screen.findByTestId('mypage-screen');
    scan('00391');
    expect(await screen.findByTestId('note')).toHaveTextContent('앞의 0만 다른 카드: 00000391 (강민석 님)');
    await openScreen(app.user, 'customers');
    await screen.findByTestId('customers-search');
    scan('0391');
    expect(await screen.findByText('등록되지 않은 카드입니다. 앞의 0만 다른 카드:')).toBeInTheDocument();
    expect(screen.getAllByTestId('customer-row').map(({ textContent }) => textContent)).toEqual([
      expect.stringContaining('강민석'),
    ]);
    expect(screen.queryByTestId('customer-detail')).toBeNull();
  });

  it('shows the person on Customers, twice in a row, and opens no form', async () => {
    const app = await renderApp();
    await openScreen(app.user, 'customers');
    await screen.findByTestId('customers-search');
    for (const name of ['오재현', '고명숙', '오재현']) {
      scan(customerNamed(app.backend, name).card ?? '');
      await waitFor(() => expect(screen.getByTestId('customer-detail')).toHaveTextContent(name));
      expect(screen.getByTestId('customers-search')).toHaveValue(customerNamed(app.backend, name).card);
    }
    scan('NS-0000-0000');
    await screen.findByText(/등록되지 않은 카드입니다/);
    expect(screen.queryByTestId('customer-detail')).toBeNull();
    await app.user.keyboard('{Control>}n{/Control}');
    expect(await screen.findByTestId('customer-card')).toHaveValue('NS-0000-0000');
  });

  it('renames nothing in Settings, and leads to the person at the desk', async () => {
    const app = await renderApp();
    await openScreen(app.user, 'areas');
    const name = await screen.findByTestId('settings-facility-name');
    const before = (name as HTMLInputElement).value;
    name.focus();
    scan(OH, { hangul: true });
    await isInHand('오재현');
    expect(screen.getByTestId('desk-screen')).toBeInTheDocument();
    expect(app.backend.world.facility.name).toBe(before);
    expect(app.backend.requests).toEqual([]);
  });

  it('asks before it leaves something typed in Settings', async () => {
    const app = await renderApp();
    await openScreen(app.user, 'areas');
    const name = await screen.findByTestId('settings-facility-name');
    await app.user.type(name, '!');
    const typed = (name as HTMLInputElement).value;
    scan('NS-0000-0000');
    expect(await screen.findByTestId('scan-question')).toHaveTextContent('등록되지 않은 카드입니다');
    expect(name).toHaveValue(typed);
    await app.user.click(screen.getByTestId('scan-switch'));
    expect(await screen.findByTestId('no-hit')).toBeInTheDocument();
    expect(screen.getByTestId('search')).toHaveValue('NS-0000-0000');
  });

  it('closes the palette and writes nothing there', async () => {
    const app = await renderApp();
    await screen.findByTestId('search');
    await app.user.keyboard('{Control>}k{/Control}');
    await screen.findByTestId('palette-search');
    scan(OH);
    await isInHand('오재현');
    await waitFor(() => expect(screen.queryByTestId('palette-search')).toBeNull());
  });

  it('chooses the holder in the field for a customer that has the cursor, and keeps the form', async () => {
    const app = await renderApp();
    await openScreen(app.user, 'late');
    const field = await screen.findByTestId('late-customer-1');
    await app.user.type(screen.getByTestId('late-from-1'), '14:30');
    await app.user.click(field);
    scan(OH);
    await waitFor(() => expect(field).toHaveValue('오재현'));
    expect(screen.queryByTestId('scan-question')).toBeNull();
    expect(screen.getByTestId('late-from-1')).toHaveValue('14:30');
    scan('NS-0000-0000');
    expect(await screen.findByTestId('note')).toHaveTextContent('등록되지 않은 카드입니다: NS-0000-0000');
    expect(field).toHaveValue('오재현');
  });

  it('asks first while the cursor is in another field of a form', async () => {
    const app = await renderApp();
    await openScreen(app.user, 'late');
    await app.user.type(await screen.findByTestId('late-from-1'), '14:30');
    scan(OH);
    expect(await screen.findByTestId('scan-question')).toHaveTextContent('오재현');
    expect(screen.getByTestId('late-customer-1')).toHaveValue('');
  });

  it('finds the cases of a person while a search text stands in the inbox', async () => {
    const app = await renderApp();
    await openScreen(app.user, 'review');
    const field = await screen.findByTestId('review-customer');
    await app.user.type(field, '강');
    scan(OH);
    await waitFor(() => expect(field).toHaveValue('오재현'));
    expect(screen.queryByTestId('scan-question')).toBeNull();
  });
});
