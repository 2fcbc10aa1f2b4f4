import { screen, waitFor } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import type { Scenario } from '../../backend/mock';
import { openScreen } from '../../testing/places';
import { renderApp } from '../../testing/render';

async function openTracing(scenario: Partial<Scenario> = {}) {
  const app = await renderApp(scenario);
  await openScreen(app.user, 'connections');
  await screen.findByTestId('connections-screen');
  return app;
}

describe('Settings: sending spans', () => {
  it('sends nothing until a receiver is turned on and saved', async () => {
    const { user, backend } = await openTracing();
    await user.click(await screen.findByTestId('tracing-otlp-on'));
    const field = screen.getByTestId('tracing-otlp-url');
    expect(field).toHaveValue('http://127.0.0.1:4318');
    expect(backend.world.traces.setting).toEqual({ otlp: null, zipkin: null });
    await user.clear(field);
    expect(screen.getByTestId('tracing-save')).toBeDisabled();
    await user.type(field, ' http://collector.test:4318 {Enter}');
    expect(await screen.findByText(/지금부터 이 설정으로 보냅니다/)).toBeInTheDocument();
    expect(backend.world.traces.setting).toEqual({ otlp: 'http://collector.test:4318', zipkin: null });
    expect(screen.getByTestId('tracing-otlp-sent')).toHaveTextContent('보낸 구간 4,182개');
    expect(screen.queryByTestId('tracing-zipkin-sent')).toBeNull();
  });

  it('shows how many spans were lost and why', async () => {
    const { user } = await openTracing();
    await user.click(await screen.findByTestId('tracing-zipkin-on'));
    await user.click(screen.getByTestId('tracing-save'));
    const sent = await screen.findByTestId('tracing-zipkin-sent');
    expect(sent).toHaveTextContent('보내지 못한 구간 96개');
    expect(sent).toHaveTextContent('connection refused');
  });

  it('marks an invalid address and keeps the saved one', async () => {
    const { user, backend } = await openTracing();
    await user.click(await screen.findByTestId('tracing-zipkin-on'));
    const field = screen.getByTestId('tracing-zipkin-url');
    await user.clear(field);
    await user.type(field, 'ftp://x{Enter}');
    const error = await screen.findByTestId('error');
    expect(error).toHaveAttribute('data-code', 'invalid_url');
    expect(error).toHaveTextContent('Zipkin');
    expect(field).toHaveAttribute('aria-invalid', 'true');
    expect(backend.world.traces.setting.zipkin).toBeNull();
    await user.type(field, 'y');
    expect(screen.queryByTestId('error')).toBeNull();
  });

  it('can be turned off', async () => {
    const { user, backend } = await openTracing();
    await user.click(await screen.findByTestId('tracing-otlp-on'));
    await user.click(screen.getByTestId('tracing-save'));
    await waitFor(() => expect(backend.world.traces.setting.otlp).not.toBeNull());
    await user.click(screen.getByTestId('tracing-otlp-off'));
    await user.click(screen.getByTestId('tracing-save'));
    await waitFor(() => expect(backend.world.traces.setting.otlp).toBeNull());
    expect(screen.queryByTestId('tracing-otlp-sent')).toBeNull();
  });

  it('is available to managers only', async () => {
    const { user } = await renderApp({ role: 'staff' });
    await openScreen(user, 'backup');
    expect(screen.queryByTestId('tab-connections')).toBeNull();
    expect(screen.queryByTestId('tracing-otlp-on')).toBeNull();
  });
});
