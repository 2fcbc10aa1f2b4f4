import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { run } from './run.mjs';

const VERSION = '4.32.5';
const folder = join(homedir(), '.cache', 'nosmoke-desk', `schemathesis-${VERSION}`);
const bin = (name) => join(folder, process.platform === 'win32' ? `Scripts/${name}.exe` : `bin/${name}`);

/** Where Schemathesis is; installed from PyPI into a folder of its own at the first use. */
export async function schemathesis() {
  if (!existsSync(bin('st'))) {
    console.log('Installing Schemathesis from PyPI: it makes up requests for the gateway.');
    await run(process.platform === 'win32' ? 'python' : 'python3', ['-m', 'venv', '--clear', folder]);
    await run(bin('python'), ['-m', 'pip', 'install', '--quiet', `schemathesis==${VERSION}`]);
  }
  return bin('st');
}
