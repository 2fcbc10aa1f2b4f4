import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { run } from './run.mjs';

const BUILD = {
  'build-essential': 'compiles SQLite and links the program',
  'pkg-config': 'finds the libraries below',
  'libwebkit2gtk-4.1-dev': 'the web view inside the window',
  'libssl-dev': 'encrypted connections to Kafka',
  'zlib1g-dev': 'reads compressed Kafka messages',
  'fonts-noto-cjk': 'Hangul in the system dialogs',
};

const WINDOW_TESTS = {
  'webkit2gtk-driver': 'drives the real window in the tests',
  xvfb: 'a virtual screen for machines without a display',
  dbus: 'a private message bus for each test',
  openbox: 'minimises windows of the tests, and closes them as a person does',
  xdotool: 'presses keys in the tests that no page can see',
  sqlite3: 'reads the databases in the tests',
  'poppler-utils': 'reads printed PDFs in the tests',
  'python3-venv': 'runs Schemathesis, which generates requests for the gateway',
};

const KAFKA = {
  'openjdk-17-jre-headless': 'runs the Kafka broker of the tests',
  maven: "fetches that broker's jars",
  openssl: 'makes the certificates for its TLS listeners',
  kcat: 'reads its topics by hand',
};

const POSTGRES = {
  postgresql: "Mypage's PostgreSQL store in the tests (Debian also starts a server on loopback)",
};

function wantedPackages({ windowTests, kafka, postgres }) {
  return {
    ...BUILD,
    ...(windowTests ? WINDOW_TESTS : {}),
    ...(kafka ? KAFKA : {}),
    ...(postgres ? POSTGRES : {}),
  };
}

/** Returns true on Debian and its derivatives. */
export function isDebian() {
  if (process.platform !== 'linux' || !existsSync('/etc/os-release')) return false;
  return /^ID(_LIKE)?=.*\b(debian|ubuntu)\b/m.test(readFileSync('/etc/os-release', 'utf8'));
}

/** Installs the missing packages, and prints each with its reason. */
export async function installPackages(what) {
  const wanted = wantedPackages(what);
  const present = installed(Object.keys(wanted));
  const missing = Object.keys(wanted).filter((name) => !present.has(name));
  if (missing.length === 0) return;

  for (const name of missing) console.log(`Installing ${name}: ${wanted[name]}.`);
  const asRoot = process.getuid() === 0 ? [] : ['sudo'];
  const apt = (...args) => {
    const words = [...asRoot, 'env', 'DEBIAN_FRONTEND=noninteractive', 'apt-get', '-q', ...args];
    return run(words[0], words.slice(1));
  };
  await apt('update');
  await apt('install', '-y', '--no-install-recommends', '-o', 'Dpkg::Use-Pty=0', ...missing);
}

/** Lists the packages to install by hand on systems without apt-get. */
export function packageAdvice(what) {
  return Object.entries(wantedPackages(what))
    .map(([name, why]) => `  ${name} (${why})`)
    .join('\n');
}

function installed(names) {
  const answer = (() => {
    try {
      // biome-ignore lint/suspicious/noTemplateCurlyInString: dpkg's own notation
      return execFileSync('dpkg-query', ['-W', '-f', '${db:Status-Status} ${Package}\n', ...names], {
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'ignore'],
      });
    } catch (error) {
      // dpkg-query fails when it doesn't know a name, but still lists the others.
      return error.stdout ?? '';
    }
  })();
  return new Set(
    answer
      .split('\n')
      .filter((line) => line.startsWith('installed '))
      .map((line) => line.slice('installed '.length)),
  );
}
