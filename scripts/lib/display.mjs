import { spawn } from 'node:child_process';
import { once } from 'node:events';

/** Returns true on a machine without a display. */
export function headless() {
  return process.platform === 'linux' && !process.env.DISPLAY && !process.env.WAYLAND_DISPLAY;
}

/**
 * Starts a virtual display (Xvfb) of the size that our screens are designed for. Xvfb picks a free display number and
 * prints it.
 */
export async function startDisplay({ width = 1280, height = 800 } = {}) {
  const server = spawn(
    'Xvfb',
    ['-displayfd', '3', '-screen', '0', `${width}x${height}x24`, '-nolisten', 'tcp', '-noreset'],
    { stdio: ['ignore', 'ignore', 'ignore', 'pipe'] },
  );
  const stop = () => server.kill('SIGTERM');
  process.once('exit', stop);
  const started = once(server.stdio[3], 'data').then(([number]) => `:${String(number).trim()}`);
  const gone = Promise.race([once(server, 'exit'), once(server, 'error')]).then(([why]) => {
    throw new Error(`Xvfb did not start: ${why}`);
  });
  const display = await Promise.race([started, gone]);
  gone.catch(() => {});
  return {
    display,
    pid: server.pid,
    async stop() {
      process.off('exit', stop);
      if (server.exitCode !== null) return;
      const ended = once(server, 'exit');
      stop();
      await ended;
    },
  };
}
