import { pathToFileURL } from 'node:url';
import { installPackages, isDebian, packageAdvice } from './lib/debian.mjs';
import { installModules } from './lib/node-modules.mjs';
import { checkNode, checkRust } from './lib/toolchain.mjs';

/**
 * Installs the packages needed to build the program and, unless switched off, those needed by the window tests, by
 * Kafka and by PostgreSQL; then, unless switched off, the npm packages. Does nothing if all are installed.
 */
export async function prepare({ windowTests = true, kafka = true, postgres = true, modules = true } = {}) {
  const what = { windowTests, kafka, postgres };
  checkNode();
  if (isDebian()) await installPackages(what);
  else if (process.platform === 'linux') {
    console.log(
      `This is not Debian or Ubuntu. Install the packages that Debian calls:\n${packageAdvice(what)}`,
    );
  }
  checkRust();
  if (modules) await installModules();
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  try {
    await prepare();
    console.log('Everything needed is installed.');
  } catch (error) {
    console.error(error.message);
    process.exitCode = 1;
  }
}
