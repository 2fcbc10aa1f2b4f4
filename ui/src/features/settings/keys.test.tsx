import { fireEvent, screen, waitFor } from '@testing-library/react';
import { afterEach, describe, expect, it } from 'vitest';
import { DEFAULTS, saveBindings } from '../../shared/keys/bindings';
import { find } from '../../testing/desk';
import { openScreen } from '../../testing/places';
import { renderApp } from '../../testing/render';

async function openKeys() {
  const app = await renderApp();
  await find('1190', '강민석');
  await openScreen(app.user, 'settings');
  const change = async (act: string, key: string) => {
    await app.user.click(screen.getByTestId(`settings-key-change-${act}`));
    await app.user.keyboard(key);
  };
  return { ...app, change };
}

describe('Keys in the settings', () => {
  afterEach(() => saveBindings(DEFAULTS));

  it('change what they do at the desk, on its buttons and in the help, until they are reset', async () => {
    const { user, change } = await openKeys();
    await change('pay', '{F12}');
    expect(await screen.findByTestId('settings-said')).toHaveTextContent('F12');
    await openScreen(user, 'desk');
    expect(await screen.findByTestId('action-pay')).toHaveTextContent('F12');
    await user.keyboard('{F4}');
    expect(screen.queryByTestId('pay-dialog')).toBeNull();
    await user.keyboard('{F12}');
    expect(await screen.findByTestId('pay-dialog')).toBeInTheDocument();
    await user.keyboard('{Escape}{F1}');
    expect(await screen.findByTestId('keys-help')).toHaveTextContent('F12');
    await user.keyboard('{Escape}');
    await openScreen(user, 'settings');
    await user.click(await screen.findByTestId('settings-keys-reset'));
    expect(screen.getByTestId('settings-key-pay')).toHaveTextContent('F4');
  });

  it('are refused in words where they are taken, and left as they were by Escape', async () => {
    const { change } = await openKeys();
    await change('pay', '{F2}');
    expect(await screen.findByTestId('settings-keys-problem')).toHaveTextContent('F2는 ‘체크인');
    await change('pay', '{Control>}k{/Control}');
    await waitFor(() => expect(screen.getByTestId('settings-keys-problem')).toHaveTextContent('늘 ‘'));
    expect(screen.queryByTestId('palette-search')).toBeNull();
    await change('pay', 'a');
    await waitFor(() =>
      expect(screen.getByTestId('settings-keys-problem')).toHaveTextContent('쓸 수 없습니다'),
    );
    await change('pay', '{Escape}');
    expect(screen.getByTestId('settings-key-pay')).toHaveTextContent('F4');
  });

  it('are taken from JSON only as a whole', async () => {
    const { user } = await openKeys();
    const paste = async (keys: object) => {
      fireEvent.change(screen.getByTestId('settings-keys-paste'), {
        target: { value: JSON.stringify({ format: 'nosmoke-keys-1', keys }) },
      });
      await user.click(screen.getByTestId('settings-keys-adopt'));
    };
    await paste({ pay: 'F12', dance: 'F3' });
    expect(await screen.findByTestId('settings-keys-problem')).toHaveTextContent('‘dance’');
    expect(screen.getByTestId('settings-key-pay')).toHaveTextContent('F4');
    await paste({ pay: 'F12' });
    await waitFor(() => expect(screen.getByTestId('settings-key-pay')).toHaveTextContent('F12'));
  });
});
