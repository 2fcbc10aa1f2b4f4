import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';

const START_TIMEOUT_MS = 30_000;
const POLL_MS = 50;

/**
 * Starts a window manager, which minimises windows, sends them requests to close, and tells which one is active. Returns
 * what a test does with a window of the program, found by its process.
 */
export async function startWindowManager(display) {
  const manager = spawn('openbox', ['--sm-disable'], {
    env: { ...process.env, DISPLAY: display },
    stdio: 'ignore',
  });
  const xdotool = (...words) =>
    execFileSync('xdotool', words, { env: { ...process.env, DISPLAY: display }, encoding: 'utf8' }).trim();
  const windowOf = async (processId) => {
    const deadline = Date.now() + START_TIMEOUT_MS;
    while (Date.now() < deadline) {
      try {
        const ids = xdotool('search', '--onlyvisible', '--pid', String(processId)).split('\n');
        // GTK has windows of its own, of a few pixels.
        const shown = ids.find((id) => placeOf(id).width > 100);
        if (shown) return shown;
      } catch {
        // There is none yet.
      }
      await wait(POLL_MS);
    }
    throw new Error(`the process ${processId} shows no window`);
  };
  const placeOf = (id) => {
    const lines = xdotool('getwindowgeometry', '--shell', id).split('\n');
    const values = Object.fromEntries(lines.map((line) => line.split('=')));
    return {
      x: Number(values.X),
      y: Number(values.Y),
      width: Number(values.WIDTH),
      height: Number(values.HEIGHT),
    };
  };
  return {
    windowOf,
    placeOf,
    isActive: (id) => {
      try {
        return xdotool('getactivewindow') === id;
      } catch {
        return false;
      }
    },
    minimise: (id) => xdotool('windowminimize', '--sync', id),
    place: (id, { x, y, width, height }) => {
      xdotool('windowsize', '--sync', id, String(width), String(height));
      xdotool('windowmove', id, String(x), String(y));
    },
    /** Asks a window to close, as its X does. */
    requestClose: async (id) => {
      xdotool('windowactivate', '--sync', id);
      xdotool('key', '--clearmodifiers', 'alt+F4');
    },
    stop: async () => {
      if (manager.exitCode !== null) return;
      const ended = once(manager, 'exit');
      manager.kill();
      await ended;
    },
  };
}

/** Starts the program once more, in the environment of a window that is open, with some variables replaced. */
export function startBeside(desk, binary, replaced = {}) {
  const inherited = Object.fromEntries(
    readFileSync(`/proc/${desk.processId()}/environ`, 'utf8')
      .split('\0')
      .filter(Boolean)
      .map((entry) => [entry.slice(0, entry.indexOf('=')), entry.slice(entry.indexOf('=') + 1)]),
  );
  const {
    TAURI_WEBVIEW_AUTOMATION: _,
    NOSMOKE_TEST_WINDOW: __,
    WEBKIT_INSPECTOR_SERVER: ___,
    ...environment
  } = inherited;
  const child = spawn(binary, [], {
    env: { ...environment, ...replaced },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text) => {
      output += text;
    });
  }
  const ended = once(child, 'exit').then(([code, signal]) => code ?? signal);
  return {
    id: child.pid,
    output: () => output,
    /** The exit code, or undefined if it still runs after this time. */
    endsWithin: (ms) => Promise.race([ended, wait(ms, undefined, { ref: false })]),
    kill: async () => {
      child.kill('SIGKILL');
      await ended;
    },
  };
}
