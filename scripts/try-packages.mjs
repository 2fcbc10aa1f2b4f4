import { execFileSync, spawn } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { startDisplay } from './lib/display.mjs';
import { root as repository, targetFolder } from './lib/paths.mjs';

// `npm run bundle:try`: installs the .deb of out/bundle on a Debian system with nothing else on it, starts the window from its
// menu's entry and the hub, upgrades and removes the package. Needs root and debootstrap; the clean system is made once.
// `-- --debug` packs the debug build first.
const RELEASE = 'bookworm';
const START_TIMEOUT_MS = 120_000;
const POLL_MS = 500;
const LATER = '99.0.0';
const desk = 'home/desk/.local/share/app.nosmoke.desk';
const hub = 'var/lib/nosmoke/terminal';

const clean = join(targetFolder(), 'clean-root');
const [base, layer, root] = [RELEASE, 'layer', 'root'].map((name) => join(clean, name));
const mounted = [];
const children = [];
let failures = 0;

const run = (program, ...words) =>
  execFileSync(program, words, { cwd: repository, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
const inside = (...words) => run('chroot', root, ...words);
const as = (user, command) => inside('su', '-s', '/bin/sh', user, '-c', command);
const apt = (...words) =>
  inside(
    'env',
    'DEBIAN_FRONTEND=noninteractive',
    'apt-get',
    '-qq',
    '-y',
    '--no-install-recommends',
    ...words,
  );

if (process.getuid() !== 0) {
  console.error('npm run bundle:try needs root: it mounts and changes into a clean system.');
  process.exit(1);
}
try {
  pack('out/bundle', ...(process.argv.includes('--debug') ? ['--debug'] : []));
  makeCleanSystem();
  const first = bringIn('out/bundle');
  await check('installs with what it depends on, and nothing is missing', () => {
    apt('install', first);
    for (const program of ['nosmoke-desk', 'nosmoke']) {
      const missing = inside('ldd', `/usr/bin/${program}`).match(/.*not found.*/g);
      if (missing) throw new Error(`${program}: ${missing.join()}`);
    }
  });
  await check('prints its version, and has manual pages', () => {
    const version = inside('nosmoke', '--version');
    if (!/^nosmoke \d+\.\d+\.\d+\n$/.test(version)) throw new Error(version);
    for (const page of ['nosmoke-desk', 'nosmoke', 'nosmoke-serve'])
      run('gzip', '--test', join(root, `usr/share/man/man1/${page}.1.gz`));
  });
  await check('has the licences of everything that it contains', () => {
    const listed = run('zcat', join(root, 'usr/share/doc/nosmoke-desk/third-party-licences.txt.gz'));
    for (const name of ['tauri', 'librdkafka', 'SQLite', 'react', 'pretendard'])
      if (!new RegExp(`^${name} \\S`, 'm').test(listed)) throw new Error(`${name} isn't listed`);
  });
  // Only now, because they bring libraries that the package itself must ask for.
  apt('install', 'dbus', 'libgtk-3-bin', 'desktop-file-utils', 'systemd', 'rpm');
  await check('has a menu entry and a unit without faults', () => {
    inside('desktop-file-validate', '/usr/share/applications/nosmoke-desk.desktop');
    inside('systemd-analyze', 'verify', '--man=no', 'nosmoke-hub.service');
  });
  await check('starts from the menu, and makes its folder', () => startFromTheMenu());
  await check('serves as a hub under a user of its own', () => serveAsHub());
  const before = as('nosmoke', `nosmoke digest --data-dir /${hub}`);
  await check('packs without a network', () => pack('out/bundle/later', '--debug', '--version', LATER));
  await check('is upgraded, and the folder of the version before is read', async () => {
    apt('install', bringIn('out/bundle/later'));
    // biome-ignore lint/suspicious/noTemplateCurlyInString: dpkg's own notation
    const version = inside('dpkg-query', '-W', '-f', '${Version}', 'nosmoke-desk');
    if (version !== LATER) throw new Error(version);
    const after = as('nosmoke', `nosmoke digest --data-dir /${hub}`);
    if (after !== before || !(JSON.parse(after).facts > 0)) throw new Error(`${before}${after}`);
    await startFromTheMenu();
  });
  await check('leaves the data when it is removed, and nothing else', () => {
    apt('purge', 'nosmoke-desk');
    for (const gone of [
      'usr/bin/nosmoke',
      'usr/bin/nosmoke-desk',
      'usr/lib/systemd/system/nosmoke-hub.service',
    ])
      if (existsSync(join(root, gone))) throw new Error(`${gone} is still there`);
    for (const folder of [desk, hub])
      if (!existsSync(join(root, folder, 'journal.db'))) throw new Error(`${folder} is gone`);
  });
  await check('the rpm has the same files and names what it needs', () => {
    const rpm = bringIn('out/bundle', '.rpm');
    const listed = run('dpkg-deb', '--contents', join(root, first)).split('\n');
    const ofDeb = listed.filter((line) => line.startsWith('-')).map((line) => line.replace(/.* \.?\/?/, '/'));
    const ofRpm = inside('rpm', '-qlp', rpm).split('\n').filter(Boolean);
    const ofOne = [...ofDeb, ...ofRpm].filter((path) => !ofDeb.includes(path) || !ofRpm.includes(path));
    if (ofOne.length > 0) throw new Error(`only in one of both: ${ofOne.join(' ')}`);
    const needed = inside('rpm', '-qp', '--requires', rpm);
    for (const name of ['webkit2gtk4.1', 'gtk3', 'openssl-libs', 'dbus-libs'])
      if (!needed.includes(name)) throw new Error(`${name} isn't among\n${needed}`);
  });
} catch (error) {
  failures += 1;
  console.error(error.stderr || error.message);
} finally {
  for (const child of children) child.kill('SIGKILL');
  for (const path of mounted.reverse()) run('umount', '--recursive', '--lazy', path);
}
console.log(failures === 0 ? 'The packages are good.' : `${failures} failed`);
process.exitCode = failures === 0 ? 0 : 1;

async function check(name, work) {
  try {
    await work();
    console.log(`ok     ${name}`);
  } catch (error) {
    failures += 1;
    console.log(`FAILED ${name}\n${error.stderr || error.message}`);
  }
}

/** Packs without a network; what has to be compiled is compiled before, with one. */
function pack(into, ...words) {
  const debug = words.includes('--debug');
  if (!debug) run('node', 'scripts/bundle.mjs');
  else run('unshare', '--net', 'node', 'scripts/bundle.mjs', '--into', into, ...words);
}

/** Mounts a writable layer over a minimal Debian, so that each run begins with the same system. */
function makeCleanSystem() {
  if (!existsSync(base)) {
    const mirror = 'http://deb.debian.org/debian';
    const words = ['--variant=minbase', '--include=ca-certificates', RELEASE, `${base}.partial`, mirror];
    run('debootstrap', ...words);
    run('mv', `${base}.partial`, base);
  }
  rmSync(layer, { recursive: true, force: true });
  for (const folder of [join(layer, 'upper'), join(layer, 'work'), root])
    mkdirSync(folder, { recursive: true });
  const layers = `lowerdir=${base},upperdir=${join(layer, 'upper')},workdir=${join(layer, 'work')}`;
  const mount = (path, ...words) => {
    mkdirSync(path, { recursive: true });
    run('mount', ...words, path);
    mounted.push(path);
  };
  mount(root, '-t', 'overlay', 'overlay', '-o', layers);
  mount(join(root, 'proc'), '-t', 'proc', 'proc');
  mount(join(root, 'dev'), '--rbind', '/dev');
  mount(join(root, 'tmp/.X11-unix'), '--bind', '/tmp/.X11-unix');
  copyFileSync('/etc/resolv.conf', join(root, 'etc/resolv.conf'));
  apt('update');
  inside('useradd', '--create-home', 'desk');
}

/** Copies the package into the clean system, and returns its path there. */
function bringIn(folder, kind = '.deb') {
  const [name] = readdirSync(join(repository, folder)).filter((file) => file.endsWith(kind));
  copyFileSync(join(repository, folder, name), join(root, 'tmp', name));
  return `/tmp/${name}`;
}

/** Starts the window as a desktop does, and ends it once it is shown and its folder is there. */
async function startFromTheMenu() {
  const screen = await startDisplay();
  const environment = `DISPLAY=${screen.display} LANG=C.UTF-8 GDK_BACKEND=x11`;
  const command = `${environment} dbus-run-session -- sh -c 'gtk-launch nosmoke-desk; sleep 600'`;
  const started = spawn('chroot', [root, 'su', '-s', '/bin/sh', 'desk', '-c', command], { stdio: 'ignore' });
  children.push(started);
  try {
    await until(() => {
      const words = ['search', '--onlyvisible', '--class', 'nosmoke-desk'];
      execFileSync('xdotool', words, { env: { ...process.env, DISPLAY: screen.display }, stdio: 'ignore' });
      return existsSync(join(root, desk, 'journal.db'));
    });
  } finally {
    inside('sh', '-c', 'pkill -u desk || true');
    await screen.stop();
  }
}

/** Runs what the unit runs, as its user, and records a visit. */
async function serveAsHub() {
  inside('systemd-sysusers', 'nosmoke-hub.conf');
  inside('install', '-d', '-o', 'nosmoke', '-g', 'nosmoke', '-m', '0700', '/var/lib/nosmoke');
  const unit = readFileSync(join(root, 'usr/lib/systemd/system/nosmoke-hub.service'), 'utf8');
  const command = /^ExecStart=(.*)$/m.exec(unit)[1].replace('$NOSMOKE_SERVE', '--listen 127.0.0.1:0');
  const words = [root, 'su', '-s', '/bin/sh', 'nosmoke', '-c', `exec ${command}`];
  const serving = spawn('chroot', words, { stdio: ['ignore', 'pipe', 'inherit'] });
  children.push(serving);
  let address = '';
  serving.stdout.setEncoding('utf8').on('data', (text) => {
    address += text;
  });
  try {
    await until(() => address.endsWith('\n'));
    const token = readFileSync(join(root, hub, 'gateway.token'), 'utf8').trim();
    const answer = await fetch(`${address.trim()}/checkIns`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ smokingAreaId: 'A' }),
    });
    if (!answer.ok) throw new Error(`${answer.status} ${await answer.text()}`);
  } finally {
    inside('sh', '-c', 'pkill -TERM -u nosmoke -x nosmoke || true');
    await until(() => serving.exitCode !== null || serving.signalCode !== null);
  }
}

async function until(holds) {
  const deadline = Date.now() + START_TIMEOUT_MS;
  for (;;) {
    try {
      if (holds()) return;
    } catch {
      // Not yet.
    }
    if (Date.now() > deadline) throw new Error(`not within ${START_TIMEOUT_MS / 1000} s`);
    await wait(POLL_MS);
  }
}
