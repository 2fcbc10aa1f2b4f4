import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';

const COMPONENT = '/usr/share/ibus/component/hangul.xml';
const START_TIMEOUT_MS = 20_000;

export const hasHangul = () => existsSync(COMPONENT);

/**
 * Starts ibus with its Hangul engine, switched to Hangul from the start. Returns the environment with which a window
 * uses it.
 */
export async function startHangul(display) {
  const home = mkdtempSync(join(tmpdir(), 'nosmoke-ibus-'));
  const environment = {
    ...process.env,
    DISPLAY: display,
    HOME: home,
    XDG_CONFIG_HOME: join(home, '.config'),
    XDG_RUNTIME_DIR: home,
    LANG: 'C.UTF-8',
  };
  const script = [
    `gsettings set org.freedesktop.ibus.engine.hangul initial-input-mode "'hangul'"`,
    'ibus-daemon --panel disable --xim --daemonize',
    'while ! ibus engine hangul; do sleep 0.2; done',
    'sleep infinity',
  ].join('\n');
  const daemon = spawn('dbus-run-session', ['--', 'sh', '-c', script], {
    env: environment,
    stdio: 'ignore',
    detached: true,
  });
  const stop = () => {
    try {
      process.kill(-daemon.pid, 'SIGTERM');
    } catch {
      // It has ended already.
    }
    rmSync(home, { recursive: true, force: true });
  };
  process.once('exit', stop);
  const isOn = () => {
    try {
      const options = { env: environment, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] };
      return execFileSync('ibus', ['engine'], options).trim() === 'hangul';
    } catch {
      return false;
    }
  };
  const deadline = Date.now() + START_TIMEOUT_MS;
  while (!isOn()) {
    if (Date.now() > deadline) throw new Error('ibus-hangul did not start');
    await wait(200);
  }
  const bus = join(home, '.config/ibus/bus');
  const address = /^IBUS_ADDRESS=(.*)$/m.exec(readFileSync(join(bus, readdirSync(bus)[0]), 'utf8'))?.[1];
  return {
    environment: { GTK_IM_MODULE: 'ibus', IBUS_ADDRESS: address },
    stop() {
      process.off('exit', stop);
      stop();
    },
  };
}
