import { fireEvent, screen, waitFor } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import { renderApp } from '../../testing/render';

describe('Set-up', () => {
  it('takes three steps by the keyboard alone', async () => {
    const { user, backend } = await renderApp({ seed: 'new' });
    expect(await screen.findByTestId('setup-facility')).toHaveFocus();
    await user.keyboard('한빛역{Enter}');
    await waitFor(() => expect(screen.getByTestId('setup-area-1')).toHaveFocus());
    await user.keyboard('동문{Enter}');
    await waitFor(() => expect(screen.getByTestId('setup-area-2')).toHaveFocus());
    await user.keyboard('서문{Enter}');
    await waitFor(() => expect(screen.getByTestId('setup-area-3')).toHaveFocus());
    await user.keyboard('{Enter}');
    await waitFor(() => expect(screen.getByTestId('setup-terminal')).toHaveFocus());
    await user.type(screen.getByTestId('setup-capacity-1'), '12');
    await user.keyboard('{Control>}{Enter}{/Control}');
    await waitFor(() => expect(screen.getByTestId('setup-manager')).toHaveFocus());
    await user.keyboard('박서연{Enter}');
    await waitFor(() => expect(screen.getByTestId('setup-pin')).toHaveFocus());
    await user.keyboard('135790{Enter}');
    await waitFor(() => expect(screen.getByTestId('setup-pin-again')).toHaveFocus());
    await user.keyboard('135790{Enter}');
    // The recovery code is shown once: nothing goes on before it was kept.
    expect(await screen.findByTestId('recovery-code-text')).toHaveTextContent(/^[0-9A-Z]{25}$/);
    expect(screen.queryByTestId('setup-demonstration')).toBeNull();
    await user.keyboard('{Control>}{Enter}{/Control}');
    expect(screen.getByTestId('recovery-code')).toBeInTheDocument();
    screen.getByTestId('recovery-code-kept').focus();
    await user.keyboard(' {Control>}{Enter}{/Control}');
    expect(await screen.findByTestId('rail-desk')).toBeInTheDocument();
    expect(await screen.findByTestId('staff')).toHaveTextContent('박서연 관리자');
    expect(backend.world.areas.map(({ name, capacity }) => [name, capacity])).toEqual([
      ['동문', 12],
      ['서문', null],
    ]);
  });

  it('stays at a step until it is valid and shows the problems at the inputs', async () => {
    const { user } = await renderApp({ seed: 'new' });
    await user.click(await screen.findByTestId('setup-next'));
    expect(screen.getByText('시설 이름을 적어 주세요.')).toBeInTheDocument();
    await user.type(screen.getByTestId('setup-facility'), '한빛역');
    await user.click(screen.getByTestId('setup-next'));
    await user.click(screen.getByTestId('setup-next'));
    expect(screen.getByText('흡연구역 이름을 하나 이상 적어 주세요.')).toBeInTheDocument();
    await user.type(screen.getByTestId('setup-area-1'), '동문{Enter}동문');
    expect(screen.getByTestId('setup-area-2')).toHaveValue('동문');
    await user.type(screen.getByTestId('setup-capacity-1'), '2.5');
    await user.click(screen.getByTestId('setup-next'));
    expect(screen.getByText('같은 이름의 구역이 있습니다.')).toBeInTheDocument();
    expect(screen.getByText('1 이상의 숫자를 적거나 비워 주세요.')).toBeInTheDocument();
  });

  it('asks for the PIN twice, 6 to 12 digits', async () => {
    const { user, backend } = await renderApp({ seed: 'new' });
    await user.type(await screen.findByTestId('setup-facility'), '한빛역{Enter}');
    await user.type(await screen.findByTestId('setup-area-1'), '동문');
    await user.click(screen.getByTestId('setup-next'));
    await user.type(await screen.findByTestId('setup-manager'), '박서연');
    await user.type(screen.getByTestId('setup-pin'), '12345');
    await user.click(screen.getByTestId('setup-finish'));
    expect(screen.getByText('PIN은 숫자 6자리에서 12자리입니다.')).toBeInTheDocument();
    await user.clear(screen.getByTestId('setup-pin'));
    await user.type(screen.getByTestId('setup-pin'), '123456');
    await user.type(screen.getByTestId('setup-pin-again'), '654321');
    await user.click(screen.getByTestId('setup-finish'));
    expect(screen.getByText('두 PIN이 다릅니다. 다시 적어 주세요.')).toBeInTheDocument();
    expect(backend.world.isSetUp).toBe(false);
  });

  it('ignores an Enter that ends a syllable', async () => {
    await renderApp({ seed: 'new' });
    const field = await screen.findByTestId('setup-facility');
    fireEvent.change(field, { target: { value: '한빛역' } });
    fireEvent.keyDown(field, { key: 'Enter', isComposing: true });
    fireEvent.keyDown(field, { key: 'Enter', keyCode: 229 });
    expect(screen.getByTestId('setup-screen')).toHaveAttribute('data-step', '1');
  });

  it('opens the demonstration with one click', async () => {
    const { user, backend } = await renderApp({ seed: 'new' });
    await user.click(await screen.findByTestId('setup-demonstration'));
    await screen.findByTestId('lock-screen');
    expect(backend.world.demonstration).toBe(true);
    expect(screen.getAllByTestId('person-pin')).toHaveLength(3);
    await user.keyboard('{Enter}');
    await user.type(await screen.findByTestId('sign-in-pin'), '135790{Enter}');
    expect(await screen.findByTestId('rail-desk')).toBeInTheDocument();
    expect(screen.queryByTestId('job')).toBeNull();
  });

  it('changes the language and keeps the typed texts', async () => {
    const { user } = await renderApp({ seed: 'new' });
    await user.type(await screen.findByTestId('setup-facility'), '한빛역');
    await user.click(screen.getByTestId('setup-language-en'));
    expect(await screen.findByText('Set up your facility')).toBeInTheDocument();
    expect(screen.getByTestId('setup-facility')).toHaveValue('한빛역');
  });
});
