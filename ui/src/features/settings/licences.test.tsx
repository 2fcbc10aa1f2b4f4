import { screen } from '@testing-library/react';
import { expect, it, vi } from 'vitest';
import { openScreen } from '../../testing/places';
import { renderApp } from '../../testing/render';

vi.mock('virtual:third-party', () => ({
  default: {
    packages: [
      { name: 'axum', version: '0.8.9', licence: 'MIT', source: 'https://example.com/axum', texts: [0] },
      {
        name: 'zstd',
        version: '1.5.7',
        licence: 'BSD-3-Clause',
        source: 'https://example.com/z',
        texts: [1],
      },
    ],
    texts: ['Text of axum', 'Text of zstd'],
  },
}));

it('lists what the program contains of others, found by name or licence, with the texts', async () => {
  const { user } = await renderApp();
  await openScreen(user, 'settings');
  await user.click(await screen.findByTestId('settings-licences'));
  expect(await screen.findByTestId('licences-text')).toHaveTextContent('Text of axum');
  expect(screen.getAllByTestId('licences-row')).toHaveLength(2);
  await user.type(screen.getByTestId('licences-search'), 'bsd');
  expect(screen.getAllByTestId('licences-row')).toHaveLength(1);
  expect(screen.getByTestId('licences-text')).toHaveTextContent('Text of zstd');
  await user.type(screen.getByTestId('licences-search'), 'x');
  expect(screen.getByText('찾는 이름이 없습니다. 다른 말로 찾아 보세요.')).toBeInTheDocument();
});
