import { act, screen, waitFor } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import type { Job } from '../backend';
import { createMockBackend } from '../backend/mock';
import { renderApp } from '../testing/render';

/** Renders the screens, and returns a function that emits the event `job`. */
async function renderDock() {
  const backend = createMockBackend({ sync: 'online' });
  const listeners = new Set<(job: Job) => void>();
  backend.onJob = (listener) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  };
  const app = await renderApp({}, backend);
  await screen.findByTestId('search');
  const emit = (change: Partial<Job>) =>
    act(() => {
      for (const listener of listeners) listener({ ...RUNNING, ...change });
    });
  return { ...app, emit };
}

const RUNNING: Job = {
  jobId: 'a job',
  kind: 'reclaim',
  state: 'running',
  done: 0,
  total: null,
  waits: null,
  startedAt: Date.now(),
  path: null,
  imported: null,
  error: null,
};

describe('the dock of jobs', () => {
  it('counts a wait down, starts again at what each event says, then shows progress', async () => {
    const { emit } = await renderDock();
    emit({ waits: 70 });
    expect(screen.getByTestId('job-waits')).toHaveTextContent(
      '그 단말에서 소식이 없는지 확인하는 중, 1:10 남음',
    );
    expect(screen.getByTestId('job-waits')).toHaveAttribute('role', 'timer');
    await waitFor(() => expect(screen.getByTestId('job-waits')).toHaveTextContent(/1:0\d 남음/));
    emit({ waits: 120 });
    expect(screen.getByTestId('job-waits')).toHaveTextContent('2:00 남음');
    emit({ total: 200, done: 100 });
    expect(screen.queryByTestId('job-waits')).toBeNull();
    expect(screen.getByTestId('job')).toHaveTextContent('포인트를 회수하는 중');
    expect(screen.getByTestId('job')).toHaveTextContent('50%');
  });

  it('has words for any job that waits', async () => {
    const { emit } = await renderDock();
    emit({ kind: 'backup', waits: 5 });
    expect(screen.getByTestId('job-waits')).toHaveTextContent('시작하기를 기다리는 중, 0:05 남음');
  });

  it('shows the whole text of an error, with what to do', async () => {
    const { emit } = await renderDock();
    const lastHeardAt = Date.now();
    emit({
      state: 'failed',
      error: { code: 'terminal_alive', params: { terminalName: '단말 4', lastHeardAt } },
    });
    const text = screen.getByText('단말 4에서 방금 소식이 왔습니다.').closest('p');
    expect(text).toHaveTextContent('그 단말을 끄고 몇 분 뒤 다시 해 주세요.');
    expect(text?.closest('.one-line')).toBeNull();
    expect(text?.querySelector('.one-line')).toBeNull();
  });
});
