import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { loopbackBinary, root } from './lib/paths.mjs';
import { converse } from './lib/run.mjs';

// `npm run test:parity`: plays the same day on the screens' mock and on the real program, and compares their answers.
// Needs the binary `nosmoke-loopback` that `cargo build` makes.
const binary = loopbackBinary();
if (existsSync(binary)) {
  const vitest = [join(root, 'node_modules/vitest/vitest.mjs'), 'run', '--config', 'ui/parity.config.ts'];
  const env = { NOSMOKE_LOOPBACK_BINARY: binary };
  process.exitCode = await converse(process.execPath, [...vitest, ...process.argv.slice(2)], { env });
} else {
  console.error(`${binary} is missing: build it with cargo build --package nosmoke-loopback`);
  process.exitCode = 1;
}
