import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { headless } from './lib/display.mjs';
import { installModules } from './lib/node-modules.mjs';
import { deskBinary, out } from './lib/paths.mjs';
import { converse, npm, quickLibrdkafka, run } from './lib/run.mjs';
import { noteScreensBuilt, screensAreBuilt } from './lib/screens.mjs';
import { prepare } from './prepare.mjs';

// `npm start`: builds the program and opens it. On a machine without a display, it plays a day at the desk in the real
// window on a virtual display, and leaves screenshots and exported files in out/demo. The build is optimised a little and has
// neither inspector nor test hooks; `npm start -- --release` makes a fully optimised one.
const release = process.argv.includes('--release');
const profile = release ? 'release' : 'start';
const isHeadless = headless();

try {
  await prepare({ windowTests: isHeadless, kafka: false, postgres: false, modules: false });
  const build = ['build', '--locked', '-p', 'nosmoke-desk', '--profile', profile];
  // The played day answers file dialogs.
  if (isHeadless) build.push('--features', 'test-hooks');
  const env = release ? {} : quickLibrdkafka;
  // Compiling takes minutes, so it begins while the screens are built, which the program embeds at the very end.
  const early = converse('cargo', build, { env });
  await installModules();
  if (!screensAreBuilt()) {
    await run(npm, ['run', '--silent', 'build:ui']);
    noteScreensBuilt();
  }
  await early;
  await run('cargo', build, { env });
  process.env.NOSMOKE_DESK_BINARY = deskBinary(profile);
  process.exitCode = isHeadless ? await playDay() : await converse(process.env.NOSMOKE_DESK_BINARY, []);
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
