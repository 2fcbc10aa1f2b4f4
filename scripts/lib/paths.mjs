import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../..', import.meta.url));
export const out = join(root, 'out');

/** Returns cargo's target folder. Asks cargo, because a user may have configured another folder. */
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

/** The path of the program with the window. */
export function deskBinary(profile = 'debug') {
  return process.env.NOSMOKE_DESK_BINARY ?? join(targetFolder(), profile, executable('nosmoke-desk'));
}

/** The path of the program without a window. */
export const headlessBinary = (profile = 'debug') => join(targetFolder(), profile, executable('nosmoke'));

/** The path of the test program that offers the window's calls over HTTP on loopback. It may not be built yet. */
export const loopbackBinary = (profile = 'debug') =>
  join(targetFolder(), profile, executable('nosmoke-loopback'));
