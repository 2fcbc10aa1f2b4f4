import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { run } from './run.mjs';

const VERSION = '4.32.5';
const folder = join(homedir(), '.cache', 'nosmoke-desk', `schemathesis-${VERSION}`);
const bin = (name) => join(folder, process.platform === 'win32' ? `Scripts/${name}.exe` : `bin/${name}`);

/**
 * Returns the path of the program `st`. The first call installs Schemathesis from PyPI into a virtual environment in
 * the cache folder.
 */
export async function schemathesis() {
  if (!existsSync(bin('st'))) {
    console.log('Installing Schemathesis from PyPI: it generates requests for the gateway.');
    await run(process.platform === 'win32' ? 'python' : 'python3', ['-m', 'venv', '--clear', folder]);
    await run(bin('python'), ['-m', 'pip', 'install', '--quiet', `schemathesis==${VERSION}`]);
  }
  return bin('st');
}
