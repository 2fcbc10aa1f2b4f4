import { pathToFileURL } from 'node:url';
import { installPackages, isDebian, packageAdvice } from './lib/debian.mjs';
import { installModules } from './lib/node-modules.mjs';
import { checkNode, checkRust } from './lib/toolchain.mjs';

/**
 * Makes this machine able to build the program and, on request, to test it in its window and against Kafka and PostgreSQL.
 * Safe to run again.
 */
export async function prepare({ windowTests = true, kafka = true, postgres = true } = {}) {
  const what = { windowTests, kafka, postgres };
  checkNode();
  if (isDebian()) await installPackages(what);
  else if (process.platform === 'linux') {
    console.log(
      `This is not Debian or Ubuntu. Packages with these names there are needed here too:\n${packageAdvice(what)}`,
    );
  }
  checkRust();
  await installModules();
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  try {
    await prepare();
    console.log('Everything that is needed is here.');
  } catch (error) {
    console.error(error.message);
    process.exitCode = 1;
  }
}
