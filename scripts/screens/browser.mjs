import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { remote } from 'webdriverio';
import { out, root } from '../lib/paths.mjs';

const START_TIMEOUT_MS = 60_000;

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
}

async function answers(url) {
  const begun = Date.now();
  while (Date.now() - begun < START_TIMEOUT_MS) {
    try {
      if ((await fetch(url)).ok) return;
    } catch {
      // Not listening yet.
    }
    await wait(100);
  }
  throw new Error(`${url} doesn't answer`);
}

/** Serves the screens with their mock, and opens them in Chromium. Returns the browsers and what ends them all. */
export async function openScreens(count = 1) {
  const [webPort, driverPort] = [await freePort(), await freePort()];
  const options = { cwd: root, stdio: 'ignore' };
  const vite = (...words) => [
    ...[join(root, 'node_modules/vite/bin/vite.js'), ...words],
    ...['--config', 'ui/vite.config.ts', '--outDir', join(out, 'screens-built')],
  ];
  // Built, because the dev server would send each page hundreds of modules. The mode keeps the mock.
  execFileSync(process.execPath, vite('build', '--mode', 'screens'), options);
  const server = spawn(process.execPath, vite('preview', '--port', String(webPort)), options);
  const driver = spawn('chromedriver', [`--port=${driverPort}`], options);
  driver.on('error', () =>
    console.error('Chromium is missing: install it with `apt-get install chromium chromium-driver`.'),
  );
  const stop = () => {
    server.kill();
    driver.kill();
  };
  process.once('exit', stop);
  try {
    const url = `http://localhost:${webPort}/`;
    await Promise.all([answers(url), answers(`http://127.0.0.1:${driverPort}/status`)]);
    const args = ['--headless=new', '--no-sandbox', '--disable-gpu', '--hide-scrollbars=false', '--lang=ko'];
    const openOne = () =>
      remote({
        hostname: '127.0.0.1',
        port: driverPort,
        logLevel: 'error',
        capabilities: {
          browserName: 'chrome',
          'wdio:enforceWebDriverClassic': true,
          'goog:chromeOptions': { binary: '/usr/bin/chromium', args },
        },
      });
    const browsers = await Promise.all(Array.from({ length: count }, openOne));
    const close = () => Promise.all(browsers.map((browser) => browser.deleteSession())).finally(stop);
    return { browsers, url, close };
  } catch (error) {
    stop();
    throw error;
  }
}
