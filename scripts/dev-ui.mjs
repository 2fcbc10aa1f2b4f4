import { join } from 'node:path';
import { loopbackForBrowser } from './lib/loopback.mjs';
import { root } from './lib/paths.mjs';
import { converse } from './lib/run.mjs';

// `npm run dev:ui`: serves the screens for a browser, with a mock of the program behind them.
// `npm run dev:ui -- --real`: starts the real program behind them, on the data folder named by NOSMOKE_DATA_DIR or on a
// temporary one.
const words = process.argv.slice(2);
const vite = [join(root, 'node_modules/vite/bin/vite.js'), '--config', 'ui/vite.config.ts'];
const real = words.includes('--real') ? await loopbackForBrowser() : null;
if (real) console.log(`The real program serves ${real.dataFolder}`);
const env = real ? { VITE_LOOPBACK: JSON.stringify({ port: real.port, token: real.token }) } : {};
process.exitCode = await converse(process.execPath, [...vite, ...words.filter((word) => word !== '--real')], {
  env,
});
await real?.stop();
