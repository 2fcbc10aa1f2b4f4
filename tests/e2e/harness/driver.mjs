import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';

const START_TIMEOUT_MS = 60_000;
const STOP_TIMEOUT_MS = 5_000;

export async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
}

/**
 * Starts WebKitWebDriver on a private D-Bus. The driver starts the program, which inherits this environment and its
 * output streams, so `output()` also has the output of the program and its pages.
 */
export async function startDriver(environment) {
  const port = await freePort();
  const driver = spawn('dbus-run-session', ['--', 'WebKitWebDriver', '--host=127.0.0.1', `--port=${port}`], {
    env: {
      ...process.env,
      WAYLAND_DISPLAY: undefined,
      GDK_BACKEND: 'x11',
      GSETTINGS_BACKEND: 'memory',
      NO_AT_BRIDGE: '1',
      LANG: 'C.UTF-8',
      TZ: 'Asia/Seoul',
      RUST_BACKTRACE: '1',
      ...environment,
      TAURI_WEBVIEW_AUTOMATION: 'true',
    },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  let output = '';
  for (const stream of [driver.stdout, driver.stderr]) {
    stream.setEncoding('utf8').on('data', (text) => {
      output += text;
    });
  }
  let failure;
  driver.on('error', (error) => {
    failure = error;
  });

  const signal = (name) => {
    try {
      process.kill(-driver.pid, name);
    } catch {
      // The process group has already ended.
    }
  };
  const killAtExit = () => signal('SIGKILL');
  process.once('exit', killAtExit);

  async function stop() {
    process.off('exit', killAtExit);
    if (driver.exitCode === null && driver.signalCode === null && !failure) {
      const ended = once(driver, 'exit');
      signal('SIGTERM');
      await Promise.race([ended, wait(STOP_TIMEOUT_MS, undefined, { ref: false })]);
    }
    signal('SIGKILL');
  }

  const deadline = Date.now() + START_TIMEOUT_MS;
  while (true) {
    if (failure || driver.exitCode !== null) throw failure ?? new Error(`WebKitWebDriver ended:\n${output}`);
    const ready = await fetch(`http://127.0.0.1:${port}/status`).then(
      (answer) => answer.ok,
      () => false,
    );
    if (ready) break;
    if (Date.now() > deadline) {
      await stop();
      throw new Error(`WebKitWebDriver did not answer within ${START_TIMEOUT_MS} ms:\n${output}`);
    }
    await wait(50);
  }
  return { port, stop, output: () => output };
}
