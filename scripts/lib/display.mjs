import { spawn } from 'node:child_process';
import { once } from 'node:events';

/** True where a window can't be shown to anyone. */
export function headless() {
  return process.platform === 'linux' && !process.env.DISPLAY && !process.env.WAYLAND_DISPLAY;
}

/** A virtual screen of the design's size. Xvfb itself chooses a free display number and tells it. */
export async function startDisplay({ width = 1280, height = 800 } = {}) {
  const server = spawn(
    'Xvfb',
    ['-displayfd', '3', '-screen', '0', `${width}x${height}x24`, '-nolisten', 'tcp', '-noreset'],
    { stdio: ['ignore', 'ignore', 'ignore', 'pipe'] },
  );
  const stop = () => server.kill('SIGTERM');
  process.once('exit', stop);
  const told = once(server.stdio[3], 'data').then(([number]) => `:${String(number).trim()}`);
  const gone = Promise.race([once(server, 'exit'), once(server, 'error')]).then(([why]) => {
    throw new Error(`Xvfb did not start: ${why}`);
  });
  const display = await Promise.race([told, gone]);
  gone.catch(() => {});
  return {
    display,
    async stop() {
      process.off('exit', stop);
      if (server.exitCode !== null) return;
      const ended = once(server, 'exit');
      stop();
      await ended;
    },
  };
}
