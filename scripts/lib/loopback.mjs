import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { root } from './paths.mjs';
import { endInput, plain } from './run.mjs';

/** The origin of Vite's dev server (ui/vite.config.ts), the only one whose pages may call the program. */
const ORIGIN = 'http://localhost:1420';

/**
 * Builds and starts the real program for a browser and returns `{ port, token, dataFolder, stop }`. The program ends
 * with this process.
 */
export async function loopbackForBrowser() {
  const command = ['run', '--locked', '--package', 'nosmoke-loopback', '--', '--origin', ORIGIN];
  const child = spawn('cargo', command, {
    cwd: root,
    env: { ...process.env, ...plain },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const started = once(createInterface({ input: child.stdout }), 'line').then(([line]) => JSON.parse(line));
  const gone = once(child, 'exit').then(([code]) => {
    throw new Error(`the program did not start: it ended with ${code}`);
  });
  gone.catch(() => {});
  const address = await Promise.race([started, gone]);
  return { ...address, stop: () => endInput(child) };
}
