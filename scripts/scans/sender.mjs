import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';

/** Below the X server, which must deliver the keys. */
const SENDER_PRIORITY = 50;
const SERVER_PRIORITY = 60;

const runs = (command, words) => {
  try {
    execFileSync(command, words, { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
};

/** What a scanner sends after a card, as keys of xdotool. Scanners send LF as a second Enter or as a line feed. */
export const SUFFIXES = {
  CR: ['Return'],
  'CR LF': ['Return', 'Return'],
  Tab: ['Tab'],
  none: [],
};

const CALIBRATION = { keys: '0'.repeat(20), delayMs: 20 };

/**
 * Returns what `xdotool type` makes of its delay: 1, or 0.5 in versions that wait half as long. Types to the display,
 * so call it before a window is open.
 */
function delayFactor(env) {
  const { keys, delayMs } = CALIBRATION;
  const begun = performance.now();
  execFileSync('xdotool', ['type', '--delay', String(delayMs), keys], { env, stdio: 'ignore' });
  return performance.now() - begun < keys.length * delayMs * 0.75 ? 0.5 : 1;
}

/**
 * Sends the keys of a scanner to an X display, with real-time priority where the system allows it: otherwise a loaded
 * machine turns "30 ms" into gaps of 200 to 470 ms.
 */
export function startSender({ display, pid }) {
  if (!runs('xdotool', ['--version'])) throw new Error('xdotool is missing: apt-get install xdotool');
  const isRealTime =
    runs('chrt', ['-f', '-p', String(SERVER_PRIORITY), String(pid)]) &&
    runs('chrt', ['-f', String(SENDER_PRIORITY), 'true']);
  const environment = { ...process.env, DISPLAY: display };
  const factor = delayFactor(environment);
  const xdotool = async (...words) => {
    const command = isRealTime ? ['chrt', '-f', String(SENDER_PRIORITY), 'xdotool'] : ['xdotool'];
    const child = spawn(command[0], [...command.slice(1), ...words], { env: environment, stdio: 'ignore' });
    const [code] = await once(child, 'exit');
    if (code !== 0) throw new Error(`xdotool ${words.join(' ')} ended with ${code}`);
  };
  return {
    isRealTime,
    /** Gives the keyboard to the window whose title contains this text. Without a window manager nobody else does. */
    focus: (title) => xdotool('search', '--sync', '--onlyvisible', '--name', title, 'windowfocus', '--sync'),
    /** Types a text and the suffix, one key each `gapMs`. In one process, because a second one comes late. */
    scan: (text, gapMs, suffix) => {
      const keys = SUFFIXES[suffix];
      const last = keys.length === 0 ? [] : ['key', '--delay', String(gapMs), ...keys];
      return xdotool('type', '--delay', String(Math.round(gapMs / factor)), '--args', '1', text, ...last);
    },
  };
}
