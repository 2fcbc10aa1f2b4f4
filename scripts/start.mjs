import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { headless } from './lib/display.mjs';
import { deskBinary, out } from './lib/paths.mjs';
import { converse, npm, run } from './lib/run.mjs';
import { noteScreensBuilt, screensAreBuilt } from './lib/screens.mjs';
import { prepare } from './prepare.mjs';

// `npm start`: builds the program and opens it. Where no window can be shown, a day at the desk is played in the real
// window on a virtual screen; what was seen and exported stays in out/demo. `npm start -- --release` builds it optimised.
const release = process.argv.includes('--release');
const unseen = headless();

try {
  await prepare({ windowTests: unseen, kafka: false, postgres: false });
  if (!screensAreBuilt()) {
    await run(npm, ['run', '--silent', 'build:ui']);
    noteScreensBuilt();
  }
  await run('cargo', ['build', '--locked', '-p', 'nosmoke-desk', ...(release ? ['--release'] : [])]);
  process.env.NOSMOKE_DESK_BINARY = deskBinary(release ? 'release' : 'debug');
  process.exitCode = unseen ? await playDay() : await converse(process.env.NOSMOKE_DESK_BINARY, []);
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
}

async function playDay() {
  const folder = join(out, 'demo');
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  console.log('No display was found, so a day at the desk is played in the real window on a virtual screen.');
  const code = await converse(process.execPath, ['tests/e2e/play-day.mjs', folder]);
  if (code === 0) console.log(`Pictures and exported files: ${folder}`);
  return code;
}
