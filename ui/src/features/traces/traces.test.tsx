import { screen, waitFor, within } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import type { Scenario } from '../../backend/mock';
import { openScreen } from '../../testing/places';
import { renderApp } from '../../testing/render';

async function openTraces(scenario: Partial<Scenario> = {}) {
  const app = await renderApp({ sync: 'online', ...scenario });
  await openScreen(app.user, 'traces');
  await screen.findByTestId('traces-screen');
  return app;
}

const rows = () => screen.getAllByTestId('trace-row');
const timeline = () => screen.getByTestId('timeline');
const spans = () => within(timeline()).getAllByTestId('span');
const idOf = (place: number) => rows()[place]?.dataset.id as string;
const isOpen = (id: string) => waitFor(() => expect(timeline()).toHaveAttribute('data-of', id));

async function openRow(user: { click: (element: Element) => Promise<void> }, place: number) {
  const row = rows()[place] as HTMLElement;
  await user.click(row);
  await isOpen(row.dataset.id as string);
  await waitFor(() => expect(spans().length).toBeGreaterThan(0));
}

describe('Traces: the list', () => {
  it('shows first step, start, duration and failures of each trace', async () => {
    await openTraces();
    const [first] = await screen.findAllByTestId('trace-row');
    expect(first).toHaveTextContent(/결제.*누름.*33\.9 ms.*\d\d:\d\d:\d\d.*구간 6개/);
    expect(first).not.toHaveAttribute('data-failed');
    expect(rows()[2]).toHaveTextContent('포인트 요청');
    expect(rows()[3]).toHaveTextContent('실패·거절');
    expect(rows()[6]).toHaveTextContent('POST /pays');
    expect(screen.getByText(/이 단말이 기록한 부분만 보입니다/)).toBeInTheDocument();
  });

  it('is a tab beside the services', async () => {
    const { user } = await openTraces();
    expect(screen.getByTestId('rail-system')).toHaveAttribute('aria-current', 'page');
    await user.click(screen.getByTestId('tab-services'));
    expect(await screen.findByTestId('services-graph')).toBeInTheDocument();
  });

  it('moves by arrow keys in the search field and opens on Enter', async () => {
    const { user } = await openTraces();
    await screen.findAllByTestId('trace-row');
    await isOpen(idOf(0));
    expect(screen.getByTestId('traces-find')).toHaveFocus();
    await user.keyboard('{ArrowDown}{ArrowDown}');
    expect(rows()[2]).toHaveAttribute('data-at');
    expect(timeline()).toHaveAttribute('data-of', idOf(0));
    await user.keyboard('{Enter}');
    await isOpen(idOf(2));
    await user.keyboard('{ArrowUp}{Enter}');
    await isOpen(idOf(1));
    expect(screen.getByTestId('traces-find')).toHaveFocus();
  });

  it('filters traces with a failure or a refusal', async () => {
    const { user } = await openTraces();
    await user.click(await screen.findByTestId('traces-failed'));
    await waitFor(() => expect(rows().every(({ dataset }) => dataset.failed)).toBe(true));
    await isOpen(idOf(0));
    await waitFor(() => expect(screen.getByTestId('trace-failed')).toHaveTextContent('실패·거절 4'));
  });

  it('fetches further pages', async () => {
    const { user } = await openTraces();
    const count = () => screen.getByTestId('traces-count').textContent;
    await waitFor(() => expect(count()).toBe('50건'));
    await user.click(screen.getByTestId('traces-more'));
    await waitFor(() => expect(count()).toBe('100건'));
    await user.click(screen.getByTestId('traces-more'));
    await waitFor(() => expect(count()).toBe('139건'));
    expect(screen.queryByTestId('traces-more')).toBeNull();
  });

  it('finds a trace by the id in a traceparent', async () => {
    const { user, backend } = await openTraces();
    await screen.findAllByTestId('trace-row');
    const wanted = backend.world.traces.kept[120]?.traceId as string;
    await user.click(screen.getByTestId('traces-find'));
    await user.paste(`00-${wanted.toUpperCase()}-00f067aa0ba902b7-01`);
    await waitFor(() => expect(rows()).toHaveLength(1));
    expect(idOf(0)).toBe(wanted);
    await isOpen(wanted);
    await user.keyboard('{Escape}');
    await waitFor(() => expect(rows().length).toBeGreaterThan(1));
  });

  it('shows that an id is unknown here or invalid', async () => {
    const { user } = await openTraces();
    await user.type(await screen.findByTestId('traces-find'), '4bf9');
    expect(screen.getByTestId('empty')).toHaveTextContent('0-9와 a-f 32자리');
    await user.clear(screen.getByTestId('traces-find'));
    await user.click(screen.getByTestId('traces-find'));
    await user.paste('f'.repeat(32));
    expect(await screen.findByText(/이 단말에는 그 추적이 없습니다/)).toBeInTheDocument();
    expect(await screen.findByTestId('trace-not-here')).toBeInTheDocument();
    await user.click(screen.getByTestId('traces-show-all'));
    await waitFor(() => expect(rows().length).toBeGreaterThan(1));
  });

  it('refetches on demand and shows how many spans were lost', async () => {
    const { user, backend } = await openTraces();
    await screen.findAllByTestId('trace-row');
    const before = idOf(0);
    expect(screen.queryByTestId('traces-lost')).toBeNull();
    const [first] = backend.world.traces.kept;
    if (!first) throw new Error('no traces');
    backend.world.traces.kept.unshift({ ...first, traceId: 'a'.repeat(32) });
    backend.world.traces.lost = 1_204;
    expect(idOf(0)).toBe(before);
    await user.click(screen.getByTestId('traces-refresh'));
    await waitFor(() => expect(idOf(0)).toBe('a'.repeat(32)));
    expect(screen.getByTestId('traces-lost')).toHaveTextContent('남기지 못한 구간 1,204개');
  });

  it('explains an empty list', async () => {
    const { user } = await openTraces({ traces: 'none' });
    expect(await screen.findByText(/아직 추적이 없습니다/)).toBeInTheDocument();
    await user.click(screen.getByTestId('traces-failed'));
    expect(await screen.findByText('실패하거나 거절된 것이 없습니다.')).toBeInTheDocument();
    expect(screen.queryByTestId('span')).toBeNull();
  });

  it('shows the error of a failed load and retries', async () => {
    const { user, backend } = await openTraces({ traces: 'broken' });
    expect(await screen.findByTestId('error')).toHaveAttribute('data-code', 'storage_failed');
    backend.world.scenario.traces = 'day';
    await user.click(screen.getByText('다시 시도'));
    expect((await screen.findAllByTestId('trace-row')).length).toBeGreaterThan(1);
  });

  it('opens from the palette', async () => {
    const { user } = await renderApp();
    await user.keyboard('{Control>}k{/Control}');
    await user.type(await screen.findByTestId('palette-search'), '추적{Enter}');
    expect(await screen.findByTestId('traces-screen')).toBeInTheDocument();
  });
});

describe('Traces: the timeline', () => {
  const barOf = (span: HTMLElement | undefined) => span?.querySelector<HTMLElement>('.bar') as HTMLElement;

  it('s09_a_trace_is_shown_from_the_click_to_the_read_back', async () => {
    await openTraces();
    await screen.findAllByTestId('span');
    const shown = spans().map(({ dataset }) => `${dataset.depth} ${dataset.step}`);
    expect(shown).toEqual([
      '0 click',
      '1 command',
      '2 transaction',
      '3 decision',
      '4 publish',
      '5 read_back',
    ]);
    // The span of publishing starts after more than half of the trace's duration.
    const published = barOf(spans()[4]);
    expect(Number.parseFloat(published.style.left)).toBeCloseTo(59.4, 0);
    expect(Number.parseFloat(published.style.width)).toBeCloseTo(18.3, 0);
    expect(spans()[4]).toHaveTextContent(/보냄.*결제.*6\.21 ms/);
    expect(timeline()).toHaveTextContent(/\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3}/);
  });

  it('shows where the missing parent of a span is', async () => {
    const { user } = await openTraces();
    await screen.findAllByTestId('trace-row');
    await openRow(user, 2);
    await waitFor(() => expect(spans()[0]).toHaveTextContent('다른 단말에서 이어짐'));
    expect(spans()[2]).not.toHaveTextContent('이어짐');
    await openRow(user, 6);
    await waitFor(() => expect(spans()[0]).toHaveTextContent('다른 프로그램에서 이어짐'));
  });

  it('shows refusals and failures as texts', async () => {
    const { user } = await openTraces();
    await screen.findAllByTestId('trace-row');
    await openRow(user, 3);
    await waitFor(() => expect(spans()[3]).toHaveTextContent('포인트가 부족합니다'));
    expect(barOf(spans()[3])).toHaveAttribute('data-problem');
    await openRow(user, 4);
    await waitFor(() => expect(spans()[0]).toHaveTextContent('저장 공간이 없어'));
    expect(timeline()).toHaveTextContent('5.00 s');
  });

  it('opens and closes the details of a span by keys', async () => {
    const { user } = await openTraces();
    const [first] = await screen.findAllByTestId('span');
    first?.focus();
    await user.keyboard('{ArrowDown}{ArrowDown}{ArrowDown}{ArrowDown}');
    expect(spans()[4]).toHaveFocus();
    await user.keyboard('{Enter}');
    const detail = screen.getByTestId('span-detail');
    expect(detail).toHaveTextContent('기록 수1');
    expect(detail).toHaveTextContent('시작한 뒤20.1 ms');
    await user.keyboard('{Escape}');
    expect(screen.queryByTestId('span-detail')).toBeNull();
  });

  it('follows a link, shows that a linked trace is missing, and goes back', async () => {
    const { user, backend } = await openTraces();
    await screen.findAllByTestId('trace-row');
    await openRow(user, 5);
    const from = idOf(5);
    await user.click(spans()[0] as HTMLElement);
    const links = screen.getAllByTestId('span-link');
    expect(links).toHaveLength(3);
    await user.click(links[0] as HTMLElement);
    await isOpen(backend.world.traces.kept[0]?.traceId as string);
    await user.click(screen.getByTestId('trace-back'));
    await isOpen(from);
    await user.click((await screen.findAllByTestId('span'))[0] as HTMLElement);
    await user.click(screen.getAllByTestId('span-link')[2] as HTMLElement);
    expect(await screen.findByTestId('trace-not-here')).toHaveTextContent(
      '그 추적이 이 단말에 남아 있지 않습니다',
    );
    await user.click(screen.getByTestId('trace-back'));
    await isOpen(from);
  });

  it('copies the trace id', async () => {
    const { user } = await openTraces();
    await user.click(await screen.findByTestId('trace-copy'));
    await waitFor(() => expect(screen.getByTestId('trace-copy')).toHaveTextContent('복사했습니다'));
    expect(await navigator.clipboard.readText()).toBe(idOf(0));
  });

  it('shows a long trace and one with a duration of 0', async () => {
    const { user } = await openTraces();
    await screen.findAllByTestId('trace-row');
    await openRow(user, 7);
    await waitFor(() => expect(timeline()).toHaveTextContent('구간202'));
    // Only visible rows are rendered.
    expect(spans().length).toBeLessThan(60);
    await openRow(user, 8);
    await waitFor(() => expect(spans()).toHaveLength(2));
    for (const span of spans()) {
      expect(span).toHaveTextContent('0 ms');
      expect(barOf(span).style.left).toBe('0%');
    }
  });
});
