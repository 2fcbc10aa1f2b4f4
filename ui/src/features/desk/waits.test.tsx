import { fireEvent, screen } from '@testing-library/react';
import { expect, it, vi } from 'vitest';
import { customerNamed, find } from '../../testing/desk';
import { press, scan } from '../../testing/keys';
import { renderApp } from '../../testing/render';

// Both waits are real time, which a loaded machine can use up.
vi.mock('./waits', () => ({ SEARCH_WAIT_MS: 60_000, FOCUS_WAIT_MAX_MS: 60_000 }));

it('does an action for whom a pending search finds, never for the one before', async () => {
  const { user } = await renderApp({ latencyMs: 20 });
  await find('ㄱㅁㅅ', '고명숙');
  fireEvent.change(await screen.findByTestId('search'), { target: { value: '4821' } });
  await user.keyboard('{F6}');
  expect(screen.queryByRole('dialog')).toBeNull();
  expect(await screen.findByTestId('impose-dialog')).toHaveTextContent('김민수');
});

it('does an action for whom a scan finds', async () => {
  const app = await renderApp({ latencyMs: 40 });
  await find('7305', '김민수');
  customerNamed(app.backend, '강민석').card = 'NS-1190-0001';
  scan('NS-1190-0001');
  press('F2', { after: 10 });
  expect(screen.queryByTestId('area-picker')).toBeNull();
  expect(await screen.findByTestId('area-picker')).toHaveTextContent('강민석');
  press('Enter');
  await screen.findByTestId('notice');
  expect(app.backend.requests).toHaveLength(1);
});
