import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../..', import.meta.url));
export const out = join(root, 'out');

/** Where cargo puts what it builds; asked of cargo, since a user may have moved it. */
export function targetFolder() {
  const answer = execFileSync('cargo', ['metadata', '--no-deps', '--format-version', '1'], {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  return JSON.parse(answer).target_directory;
}

const executable = (name) => (process.platform === 'win32' ? `${name}.exe` : name);

/** The window's binary, once built. */
export function deskBinary(profile = 'debug') {
  return process.env.NOSMOKE_DESK_BINARY ?? join(targetFolder(), profile, executable('nosmoke-desk'));
}

/** The headless binary, once built. */
export const headlessBinary = (profile = 'debug') => join(targetFolder(), profile, executable('nosmoke'));
